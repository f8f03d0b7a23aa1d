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

/** The channel at voxel (i, j, k). A table holds `points` rows of its axis's length. */
template <class Combination>
struct ExtremePointsAt {
  using Real = typename Combination::Real;
  const Real* x;
  const Real* y;
  const Real* z;
  std::int64_t points;
  std::int64_t shape[3];

  SEXTANT_HD float operator()(std::int64_t i, std::int64_t j, std::int64_t k) const {
    Real value = 0;
    for (std::int64_t p = 0; p < points; p++) {
      value = Combination::combine(value, plane_factor(p, i, j) * z[p * shape[2] + k]);
    }
    return static_cast<float>(value);
  }

  /** The part of point p's product that a whole row along the last axis shares. */
  SEXTANT_HD Real plane_factor(std::int64_t p, std::int64_t i, std::int64_t j) const {
    return x[p * shape[0] + i] * y[p * shape[1] + j];
  }
};

/** The least and the greatest value of a channel. */
struct Range {
  float min = __builtin_huge_valf();
  float max = -__builtin_huge_valf();
};

struct RangeUnion {
  SEXTANT_HD Range operator()(const Range& a, const Range& b) const {
    return {b.min < a.min ? b.min : a.min, b.max > a.max ? b.max : a.max};
  }
};

/** Min-max rescale of 'monai' to [-1, 1]; a channel that is constant is negated, as MONAI does. */
struct RescaleToUnit {
  Range range;

  SEXTANT_HD float operator()(float x) const {
    if (range.min == range.max) return -x;
    const double min = range.min;
    const double max = range.max;
    return static_cast<float>((static_cast<double>(x) - min) / (max - min) * 2 - 1);
  }
};

}  // namespace sextant::extreme_points::SEXTANT_VARIANT
