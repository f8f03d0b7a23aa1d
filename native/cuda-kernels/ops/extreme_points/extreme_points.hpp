// The arithmetic of the extreme-point channel. A Gaussian is a product of one factor per axis, so
// each point has three tables and one voxel costs two products a point; how points combine is the
// kernel's choice.
#pragma once

#include <cstdint>
#include <vector>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::extreme_points {

enum class Kernel : int { max, monai };

struct Request {
  std::vector<double> points;  // three numbers each, in voxels of the output's grid
  double sigma;                // voxels
  Kernel kernel;
  TensorView output;  // float32, three axes
};

SEXTANT_TARGETS(void apply(const Request& request, const Run& run))

inline void apply(const Request& request, const Run& run) {
  SEXTANT_PICK(run.target, apply)(request, run);
}

}  // namespace sextant::extreme_points

namespace sextant::extreme_points::SEXTANT_VARIANT {

/** 'max': the highest of the points' peaks. float32 factors keep it within 3e-7 of the definition. */
struct MaximumOfPoints {
  using Real = float;
  SEXTANT_HD static Real combine(Real a, Real b) { return b > a ? b : a; }
};

/** 'monai': the points' kernels add. float64, since their sum is rescaled by its own range. */
struct SumOfPoints {
  using Real = double;
  SEXTANT_HD static Real combine(Real a, Real b) { return a + b; }
};

/** The points' joint value at voxel (i, j, k). A table holds `points` rows of its axis's length. */
template <class Combination>
struct ValueAt {
  using Real = typename Combination::Real;
  const Real* x;
  const Real* y;
  const Real* z;
  std::int64_t points;
  std::int64_t shape[3];

  SEXTANT_HD Real operator()(std::int64_t i, std::int64_t j, std::int64_t k) const {
    Real value = 0;
    for (std::int64_t p = 0; p < points; ++p) {
      value = Combination::combine(value, plane_factor(p, i, j) * z[p * shape[2] + k]);
    }
    return value;
  }

  /** The part of point p's product that a whole row along the last axis shares. */
  SEXTANT_HD Real plane_factor(std::int64_t p, std::int64_t i, std::int64_t j) const {
    return x[p * shape[0] + i] * y[p * shape[1] + j];
  }
};

/** The least and the greatest value of a channel. */
struct Range {
  double min = __builtin_huge_val();
  double max = -__builtin_huge_val();
};

struct RangeUnion {
  SEXTANT_HD Range operator()(const Range& a, const Range& b) const {
    return {b.min < a.min ? b.min : a.min, b.max > a.max ? b.max : a.max};
  }
};

/** 'max' is written as it is. */
struct AsItIs {
  SEXTANT_HD float operator()(float value) const { return value; }
};

/**
 * 'monai' is rescaled from its range to [-1, 1]; a constant channel is negated, as MONAI does. In
 * float64, since a wide kernel on a small grid has a range far smaller than its values.
 */
struct RescaleToUnit {
  Range range;

  SEXTANT_HD float operator()(double value) const {
    if (range.min == range.max) return static_cast<float>(-value);
    return static_cast<float>((value - range.min) / (range.max - range.min) * 2 - 1);
  }
};

}  // namespace sextant::extreme_points::SEXTANT_VARIANT
