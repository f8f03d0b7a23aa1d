#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "ops/resample/resample.hpp"

namespace sextant::resample_threshold {

/** Both tensors have 3 axes; the output is uint8. */
struct Request {
  TensorView input;
  TensorView output;
  double map[12];   // rows of a 3x4: output index -> input index
  double at_least;  // finite
};

/** Output indices low <= i < high that hold everything that was set; all 0 when nothing was. */
struct Bounds {
  std::int64_t low[3] = {0, 0, 0};
  std::int64_t high[3] = {0, 0, 0};

  bool empty() const { return low[0] >= high[0]; }

  /** Takes in a box that is not empty. */
  void include(const std::int64_t (&from)[3], const std::int64_t (&to)[3]) {
    const bool first = empty();
    for (int axis = 0; axis < 3; ++axis) {
      low[axis] = first ? from[axis] : std::min(low[axis], from[axis]);
      high[axis] = first ? to[axis] : std::max(high[axis], to[axis]);
    }
  }
};

/**
 * Sets to 1 each output element where the input, resampled linearly (see resample.hpp), is at_least or
 * more. All others stay as they are, and so do those beyond the input's outer faces.
 */
SEXTANT_TARGETS(Bounds apply(const Request& request, const Run& run))

inline Bounds apply(const Request& request, const Run& run) {
  return SEXTANT_PICK(run.target, apply)(request, run);
}

/** x >= at_least for a float32 x is the same question as x >= this, which is a float32 too. */
inline float lowest_reaching(double at_least) {
  const auto rounded = static_cast<float>(at_least);
  return static_cast<double>(rounded) >= at_least
             ? rounded
             : std::nextafter(rounded, std::numeric_limits<float>::infinity());
}

namespace SEXTANT_VARIANT {

namespace sampling = sextant::resample::SEXTANT_VARIANT;

/** How the values are made that are compared. NaN, which reaches nothing, beyond the outer faces. */
inline resample::Request resampling_of(const Request& request) {
  resample::Request made{request.input, request.output, {}, resample::Interpolation::linear,
                         1.0,           0.0,            std::numeric_limits<float>::quiet_NaN()};
  std::copy(request.map, request.map + 12, made.map);
  return made;
}

/** Whether an output element is set. The input has no empty axis. */
template <class T>
SEXTANT_HD bool reaches(const resample::Request& made, float lowest, std::int64_t i, std::int64_t j,
                        std::int64_t k) {
  return sampling::element<T>(made, i, j, k) >= lowest;
}

SEXTANT_HD std::uint8_t& output_at(const TensorView& output, std::int64_t i, std::int64_t j,
                                   std::int64_t k) {
  const std::int64_t* s = output.strides;
  return static_cast<std::uint8_t*>(output.data)[i * s[0] + j * s[1] + k * s[2]];
}

}  // namespace SEXTANT_VARIANT

}  // namespace sextant::resample_threshold
