// Resampling by a displacement field. The field is given at control points that span the output from its
// first centre to its last one, and is a linear or cubic B-spline between them.
#pragma once

#include <cmath>
#include <cstdint>

#include "ops/border.hpp"
#include "ops/host_device.hpp"
#include "ops/parallel.hpp"
#include "ops/resample/resample.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::warp {

struct Request {
  resample::Request sampling;  // its map is applied to the displaced output index
  TensorView displacement;     // float32 [3, a, b, c] in voxels of the output, no empty axis
  bool cubic;
  Border border;
};

SEXTANT_TARGETS(void apply(const Request& request, const Run& run))

inline void apply(const Request& request, const Run& run) {
  SEXTANT_PICK(run.target, apply)(request, run);
}

namespace SEXTANT_VARIANT {

using resample::SEXTANT_VARIANT::AxisSample;

inline constexpr int kMostTaps = 4;

/** The control points of one axis that an output index depends on, and how much on each. */
struct Taps {
  int count;
  std::int64_t index[kMostTaps];
  double weight[kMostTaps];
};

/** The centred cubic B-spline. */
SEXTANT_HD double cubic_bspline(double t) {
  const double a = t < 0 ? -t : t;
  if (a < 1) return (4 - 6 * (a * a) + 3 * (a * a * a)) / 6;
  const double b = 2 - a;
  return b > 0 ? b * b * b / 6 : 0;
}

/** Beyond the first and last control point the others are mirrored about it. */
SEXTANT_HD std::int64_t mirrored(std::int64_t index, std::int64_t points) {
  if (points == 1) return 0;
  const std::int64_t period = 2 * (points - 1);
  std::int64_t folded = index % period;
  if (folded < 0) folded += period;
  return folded < points ? folded : period - folded;
}

/** Output index o of n among control points, the first on index 0 and the last on n - 1. */
SEXTANT_HD Taps taps_of(std::int64_t o, std::int64_t n, std::int64_t points, bool cubic) {
  const double at = n > 1 ? static_cast<double>(o) * static_cast<double>(points - 1) /
                                static_cast<double>(n - 1)
                          : 0.0;
  const double low = floor(at);
  const auto index = static_cast<std::int64_t>(low);
  if (!cubic) {
    const double weight = at - low;
    return {weight > 0 ? 2 : 1, {index, index + 1, 0, 0}, {1 - weight, weight, 0, 0}};
  }
  Taps taps{kMostTaps, {}, {}};
  for (int tap = 0; tap < kMostTaps; ++tap) {
    taps.index[tap] = mirrored(index - 1 + tap, points);
    taps.weight[tap] = cubic_bspline(at - (low + (tap - 1)));
  }
  return taps;
}

/** Component c at control point `point` of axis 2, the axes 0 and 1 interpolated, in this order. */
SEXTANT_HD double column(const TensorView& field, int c, const Taps& i, const Taps& j,
                         std::int64_t point) {
  const std::int64_t* s = field.strides;
  const float* data = static_cast<const float*>(field.data) + c * s[0] + point * s[3];
  double sum = 0;
  for (int b = 0; b < j.count; ++b) {
    double along = 0;
    for (int a = 0; a < i.count; ++a) {
      along += i.weight[a] * static_cast<double>(data[i.index[a] * s[1] + j.index[b] * s[2]]);
    }
    sum += j.weight[b] * along;
  }
  return sum;
}

/**
 * Where a position beyond the centres is taken from: brings it into the field, or says that it is outside.
 * Constant begins at the outer faces, where resample() has it begin: sample_axis finds it.
 */
SEXTANT_HD bool bring_inside(double& at, std::int64_t n, Border border) {
  if (!(at - at == 0)) return false;
  if (border == Border::constant) return true;
  const double last = static_cast<double>(n - 1);
  if (border == Border::reflect && (at < -0.5 || at > last + 0.5)) {
    const double extent = static_cast<double>(n);
    double folded = fmod(at + 0.5, 2 * extent);
    if (folded < 0) folded += 2 * extent;
    at = (folded > extent ? 2 * extent - folded : folded) - 0.5;
  }
  at = at < 0 ? 0 : at > last ? last : at;
  return true;
}

/** Makes and writes the element at output index o, displaced by d. */
template <class T>
SEXTANT_HD void make_element(const Request& request, const std::int64_t (&o)[3],
                             const double (&d)[3]) {
  using A = resample::Accumulator<T>;
  const resample::Request& r = request.sampling;
  const std::int64_t* s = r.output.strides;
  const std::int64_t offset = o[0] * s[0] + o[1] * s[1] + o[2] * s[2];
  const double x = static_cast<double>(o[0]) + d[0], y = static_cast<double>(o[1]) + d[1],
               z = static_cast<double>(o[2]) + d[2];
  AxisSample<A> at[3];
  bool inside = element_count(r.input) > 0;
  for (int axis = 0; axis < 3 && inside; ++axis) {
    double p = resample::SEXTANT_VARIANT::position(r.map, axis, x, y, z);
    inside = bring_inside(p, r.input.shape[axis], request.border);
    if (!inside) break;
    at[axis] = resample::SEXTANT_VARIANT::sample_axis<A>(p, r.input.shape[axis], r.interpolation);
    inside = at[axis].inside;
  }
  if (!inside) return resample::SEXTANT_VARIANT::store(r, offset, false, A(0));
  resample::SEXTANT_VARIANT::write_sample<T>(r, offset, at);
}

}  // namespace SEXTANT_VARIANT

}  // namespace sextant::warp
