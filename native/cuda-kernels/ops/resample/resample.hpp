#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "ops/host_device.hpp"
#include "ops/move/move.hpp"
#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::resample {

enum class Interpolation : int { linear, nearest };

/** Both tensors have 3 axes, of any type. */
struct Request {
  TensorView input;
  TensorView output;
  double map[12];  // rows of a 3x4: output index -> input index
  Interpolation interpolation;
  double slope, intercept;  // applied to the interpolated value, in float64
  double fill;              // an output value as it is, not scaled
};

SEXTANT_TARGETS(void apply(const Request& request, const Run& run))

inline void apply(const Request& request, const Run& run) {
  SEXTANT_PICK(run.target, apply)(request, run);
}

/** 8- and 16-bit integers and float32 fit float32; wider values are interpolated in float64. */
template <class T>
using Accumulator =
    std::conditional_t<sizeof(T) <= 2 || std::is_same_v<T, float>, float, double>;

namespace SEXTANT_VARIANT {

/** Where a position falls on one input axis: two neighbours and the share of the upper one. */
template <class A, class Index = std::int64_t>
struct AxisSample {
  Index low, high;
  A weight;
  bool inside;
};

/** Row `axis` of the map at an output index. The order of the sums is part of the result. */
SEXTANT_HD double position(const double* map, int axis, double i, double j, double k) {
  const double* row = map + 4 * axis;
  return ((row[0] * i + row[1] * j) + row[2] * k) + row[3];
}

/** A position is the sum of rounded products: what is a face or a half but for this is one. */
inline constexpr double ROUNDING = 1e-9;

/**
 * The field ends at the outer faces, [-0.5, n - 0.5]; between a face and the first centre the border's
 * value holds. A weight of 0 takes no second neighbour, so that a NaN there does no harm.
 */
template <class A, class Index = std::int64_t>
SEXTANT_HD AxisSample<A, Index> sample_axis(double at, std::int64_t n, Interpolation interpolation) {
  const double last = static_cast<double>(n - 1);
  const bool inside = at >= -0.5 - ROUNDING && at <= last + 0.5 + ROUNDING;
  const double clamped = !(at > 0.0) ? 0.0 : at < last ? at : last;
  if (interpolation == Interpolation::nearest) {
    const double rounded = floor(clamped + (0.5 + ROUNDING));  // halves go up
    const auto index = static_cast<Index>(rounded < last ? rounded : last);
    return {index, index, A(0), inside};
  }
  const double low = floor(clamped);
  const A weight = static_cast<A>(clamped - low);
  const auto index = static_cast<Index>(low);
  return {index, weight > A(0) ? index + 1 : index, weight, inside};
}

/** Exact where both are equal, infinities included: constant volumes stay constant. */
template <class A>
SEXTANT_HD A mix(A low, A high, A weight) {
  const A between = low + (high - low) * weight;
  return low == high ? low : between;
}

/** v[4a + 2b + c] is the neighbour a, b, c on the axes 0, 1, 2. Axis 2 goes first. */
template <class A>
SEXTANT_HD A blend(const A (&v)[8], A w0, A w1, A w2) {
  const A low = mix(mix(v[0], v[1], w2), mix(v[2], v[3], w2), w1);
  const A high = mix(mix(v[4], v[5], w2), mix(v[6], v[7], w2), w1);
  return mix(low, high, w0);
}

/** The output's value: reals to integers as a move makes them, half to even, saturating, NaN is 0. */
template <class To, class A>
SEXTANT_HD To finish(A value, double slope, double intercept) {
  if (slope == 1.0 && intercept == 0.0) return move::SEXTANT_VARIANT::Convert<A, To>()(value);
  return move::SEXTANT_VARIANT::Convert<double, To>()(static_cast<double>(value) * slope + intercept);
}

template <class To>
SEXTANT_HD To fill_of(const Request& r) {
  return move::SEXTANT_VARIANT::Convert<double, To>()(r.fill);
}

/** Whether the values are copies of 64-bit integers, which no accumulator holds exactly. */
template <class T>
SEXTANT_HD bool copies_wide(const Request& r) {
  return sizeof(T) == 8 && !std::is_floating_point_v<T> && r.output.dtype == r.input.dtype &&
         r.interpolation == Interpolation::nearest && r.slope == 1.0 && r.intercept == 0.0;
}

/** The samples of one output element on the input's axes; false beyond the field. */
template <class A>
SEXTANT_HD bool samples_of(const Request& r, std::int64_t i, std::int64_t j, std::int64_t k,
                           AxisSample<A> (&at)[3]) {
  for (int axis = 0; axis < 3; ++axis) {
    const double p = position(r.map, axis, static_cast<double>(i), static_cast<double>(j),
                              static_cast<double>(k));
    at[axis] = sample_axis<A>(p, r.input.shape[axis], r.interpolation);
    if (!at[axis].inside) return false;
  }
  return true;
}

template <class T, class A>
SEXTANT_HD A interpolate(const Request& r, const AxisSample<A> (&at)[3]) {
  const T* data = static_cast<const T*>(r.input.data);
  const std::int64_t* s = r.input.strides;
  A v[8];
  for (int corner = 0; corner < 8; ++corner) {
    const std::int64_t offset = (corner & 4 ? at[0].high : at[0].low) * s[0] +
                                (corner & 2 ? at[1].high : at[1].low) * s[1] +
                                (corner & 1 ? at[2].high : at[2].low) * s[2];
    v[corner] = static_cast<A>(data[offset]);
  }
  return blend(v, at[0].weight, at[1].weight, at[2].weight);
}

/** One output element as float32. The input has no empty axis. */
template <class T>
SEXTANT_HD float element(const Request& r, std::int64_t i, std::int64_t j, std::int64_t k) {
  AxisSample<Accumulator<T>> at[3];
  if (!samples_of(r, i, j, k, at)) return fill_of<float>(r);
  return finish<float>(interpolate<T>(r, at), r.slope, r.intercept);
}

template <class To, class A>
SEXTANT_HD void store_as(const Request& r, std::int64_t offset, bool inside, A value) {
  static_cast<To*>(r.output.data)[offset] =
      inside ? finish<To>(value, r.slope, r.intercept) : fill_of<To>(r);
}

/** Writes a value, or the fill, as the output's type. */
template <class A>
SEXTANT_HD void store(const Request& r, std::int64_t offset, bool inside, A value) {
  switch (r.output.dtype) {
    case Dtype::uint8:
      return store_as<std::uint8_t>(r, offset, inside, value);
    case Dtype::int8:
      return store_as<std::int8_t>(r, offset, inside, value);
    case Dtype::uint16:
      return store_as<std::uint16_t>(r, offset, inside, value);
    case Dtype::int16:
      return store_as<std::int16_t>(r, offset, inside, value);
    case Dtype::uint32:
      return store_as<std::uint32_t>(r, offset, inside, value);
    case Dtype::int32:
      return store_as<std::int32_t>(r, offset, inside, value);
    case Dtype::uint64:
      return store_as<std::uint64_t>(r, offset, inside, value);
    case Dtype::int64:
      return store_as<std::int64_t>(r, offset, inside, value);
    case Dtype::float32:
      return store_as<float>(r, offset, inside, value);
    default:
      return store_as<double>(r, offset, inside, value);
  }
}

/** Writes the element at `offset` of the output from where it falls on the input's axes. */
template <class T, class A>
SEXTANT_HD void write_sample(const Request& r, std::int64_t offset, const AxisSample<A> (&at)[3]) {
  if (copies_wide<T>(r)) {
    const std::int64_t* from = r.input.strides;
    static_cast<T*>(r.output.data)[offset] = static_cast<const T*>(
        r.input.data)[at[0].low * from[0] + at[1].low * from[1] + at[2].low * from[2]];
    return;
  }
  store(r, offset, true, interpolate<T>(r, at));
}

/** Makes and writes one output element. */
template <class T>
SEXTANT_HD void make_element(const Request& r, std::int64_t i, std::int64_t j, std::int64_t k) {
  using A = Accumulator<T>;
  const std::int64_t* s = r.output.strides;
  const std::int64_t offset = i * s[0] + j * s[1] + k * s[2];
  AxisSample<A> at[3];
  if (element_count(r.input) == 0 || !samples_of(r, i, j, k, at)) {
    return store(r, offset, false, A(0));
  }
  write_sample<T>(r, offset, at);
}

}  // namespace SEXTANT_VARIANT

}  // namespace sextant::resample
