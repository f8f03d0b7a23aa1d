// Linearly interpolated elements of a row, made together step by step: each step is a short loop over all of
// them without a branch, which the compiler turns into vectors. Element for element they do what make_element
// does, to the bit.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "ops/warp/warp.hpp"

namespace sextant::warp::SEXTANT_VARIANT {

inline constexpr auto kLinear = resample::Interpolation::linear;

/** Elements that are made together. */
inline constexpr std::int64_t kPiece = 64;

/** Whether a piece can count its places in the input by 32 bits, and has voxels to read at all. */
inline bool fits_piece(const resample::Request& r) {
  std::int64_t span = 0;
  for (int axis = 0; axis < 3; ++axis) {
    if (r.input.shape[axis] == 0) return false;
    span += (r.input.shape[axis] - 1) * std::llabs(r.input.strides[axis]);
  }
  return span <= std::numeric_limits<std::int32_t>::max();
}

template <class T, class A = resample::Accumulator<T>>
class Piece {
 public:
  /** d[c][n]: the displacement along axis c of element o + n on axis 2. The input fits_piece. */
  Piece(const Request& request, const std::int64_t (&o)[3], std::int32_t count,
        const double (&d)[3][kPiece])
      : r_(request.sampling), count_(count) {
    const std::int64_t* steps = r_.output.strides;
    offset_ = o[0] * steps[0] + o[1] * steps[1] + o[2] * steps[2];
    std::fill_n(inside_, kPiece, 1);
    for (int axis = 0; axis < 3; ++axis) {
      double at[kPiece];
      find_positions(axis, o, d, at);
      with_border(request.border, [&]<Border border>() { sample<border>(axis, at); });
    }
    read_corners();
    blend_corners();
  }

  void write() const {
    with_dtype(r_.output.dtype, [&]<class To>() { write_as<To>(); });
  }

 private:
  template <class Call>
  static void with_border(Border border, const Call& call) {
    switch (border) {
      case Border::nearest:
        return call.template operator()<Border::nearest>();
      case Border::reflect:
        return call.template operator()<Border::reflect>();
      default:
        return call.template operator()<Border::constant>();
    }
  }

  void find_positions(int axis, const std::int64_t (&o)[3], const double (&d)[3][kPiece],
                      double (&at)[kPiece]) const {
    double map[12];
    std::copy_n(r_.map, 12, map);
    const auto i = static_cast<double>(o[0]), j = static_cast<double>(o[1]);
    const auto k = static_cast<double>(o[2]);
    for (std::int32_t n = 0; n < count_; ++n) {
      const double z = (k + static_cast<double>(n)) + d[2][n];
      at[n] = resample::SEXTANT_VARIANT::position(map, axis, i + d[0][n], j + d[1][n], z);
    }
  }

  template <Border border>
  void sample(int axis, double (&at)[kPiece]) {
    const std::int64_t extent = r_.input.shape[axis];
    for (std::int32_t n = 0; n < count_; ++n) {
      inside_[n] &= bring_inside(at[n], extent, border) ? 1 : 0;
    }
    const auto step = static_cast<std::int32_t>(r_.input.strides[axis]);
    for (std::int32_t n = 0; n < count_; ++n) {
      // Beyond the field this is a voxel all the same, which is not used.
      const auto s = resample::SEXTANT_VARIANT::sample_axis<A, std::int32_t>(at[n], extent, kLinear);
      low_[axis][n] = s.low * step;
      high_[axis][n] = s.high * step;
      weight_[axis][n] = s.weight;
      inside_[n] &= s.inside ? 1 : 0;
    }
  }

  void read_corners() {
    const T* data = static_cast<const T*>(r_.input.data);
    for (std::int32_t n = 0; n < count_; ++n) {
      const std::int32_t i[2] = {low_[0][n], high_[0][n]};
      const std::int32_t j[2] = {low_[1][n], high_[1][n]};
      const std::int32_t k[2] = {low_[2][n], high_[2][n]};
      for (int corner = 0; corner < 8; ++corner) {
        corners_[corner][n] =
            static_cast<A>(data[i[corner >> 2] + j[corner >> 1 & 1] + k[corner & 1]]);
      }
    }
  }

  void blend_corners() {
    for (std::int32_t n = 0; n < count_; ++n) {
      const A v[8] = {corners_[0][n], corners_[1][n], corners_[2][n], corners_[3][n],
                      corners_[4][n], corners_[5][n], corners_[6][n], corners_[7][n]};
      value_[n] = resample::SEXTANT_VARIANT::blend(v, weight_[0][n], weight_[1][n], weight_[2][n]);
    }
  }

  template <class To>
  void write_as() const {
    const To fill = resample::SEXTANT_VARIANT::fill_of<To>(r_);
    const double slope = r_.slope, intercept = r_.intercept;
    To made[kPiece];
    for (std::int32_t n = 0; n < count_; ++n) {
      const To value = resample::SEXTANT_VARIANT::finish<To>(value_[n], slope, intercept);
      made[n] = inside_[n] ? value : fill;
    }
    To* to = static_cast<To*>(r_.output.data) + offset_;
    const std::int64_t step = r_.output.strides[2];
    if (step == 1) {
      std::copy_n(made, count_, to);
    } else {
      for (std::int32_t n = 0; n < count_; ++n) to[n * step] = made[n];
    }
  }

  const resample::Request& r_;
  std::int32_t count_;
  std::int64_t offset_;
  std::int32_t inside_[kPiece];
  std::int32_t low_[3][kPiece], high_[3][kPiece];
  A weight_[3][kPiece];
  A corners_[8][kPiece];
  A value_[kPiece];
};

}  // namespace sextant::warp::SEXTANT_VARIANT
