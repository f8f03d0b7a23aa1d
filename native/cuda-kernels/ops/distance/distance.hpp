// The exact Euclidean distance transform, axis by axis: along the first, steps to the nearest zero are
// counted; along each other, the squared distances so far stand on parabolas whose lower envelope is the
// result (Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions, 2012).
#pragma once

#include <cmath>
#include <cstdint>

#include "ops/host_device.hpp"
#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::distance {

struct Request {
  TensorView mask;    // uint8, 3 axes
  TensorView output;  // float32, the same shape, memory of its own
  double spacing[3];
};

/** At each voxel how far the nearest voxel of 0 is: 0 on those themselves, infinite where there is none. */
SEXTANT_TARGETS(void apply(const Request& request, const Run& run))

inline void apply(const Request& request, const Run& run) {
  SEXTANT_PICK(run.target, apply)(request, run);
}

namespace SEXTANT_VARIANT {

/** What lies at index i of a line, and where a new value goes. */
template <class T>
struct LineOf {
  T* first;
  std::int64_t stride;
  SEXTANT_HD T& operator[](std::int64_t i) const { return first[i * stride]; }
};

/** Squared distance after some steps of a squared spacing. */
SEXTANT_HD double squared(double square, double steps) { return square * (steps * steps); }

/** The parabolas of a line's lower envelope: where they stand, how high, and from where on they are lowest. */
struct Envelope {
  std::int64_t* site;
  double* height;
  double* from;
};

/** Puts the parabolas of [first, end) into `room`, those that are lowest somewhere. Returns how many they are. */
template <class T>
SEXTANT_HD std::int64_t find_envelope(const LineOf<T>& line, std::int64_t first, std::int64_t end,
                                      double square, const Envelope& room) {
  std::int64_t last = -1;
  for (std::int64_t i = first; i < end; ++i) {
    const double height = static_cast<double>(line[i]);
    if (height - height != 0) continue;
    double from = -__builtin_huge_val();
    for (; last >= 0; --last) {
      const auto apart = static_cast<double>(i - room.site[last]);
      const auto sum = static_cast<double>(i + room.site[last]);
      from = ((height - room.height[last]) / (square * apart) + sum) / 2;
      if (from > room.from[last]) break;
      from = -__builtin_huge_val();
    }
    ++last;
    room.site[last] = i;
    room.height[last] = height;
    room.from[last] = from;
  }
  return last + 1;
}

/**
 * Replaces the squared distances of a line by those along it too. `room` has place for n parabolas;
 * `square` is the squared spacing. Infinite ones are no parabolas; without any, the line stays. `root`
 * makes distances of them: before they are rounded to the line's type. No parabola is lower than that of a
 * zero beyond it, so that each stretch between two zeros is by itself, and the zeros stay.
 */
template <class T>
SEXTANT_HD void lower_envelope(const LineOf<T>& line, std::int64_t n, double square,
                               bool root, const Envelope& room) {
  for (std::int64_t begin = 0; begin < n; ++begin) {
    if (line[begin] == 0) continue;
    std::int64_t end = begin + 1;
    while (end < n && line[end] != 0) ++end;
    const std::int64_t parabolas =
        find_envelope(line, begin > 0 ? begin - 1 : 0, end < n ? end + 1 : n, square, room);
    std::int64_t k = 0;
    for (std::int64_t i = begin; i < end && parabolas > 0; ++i) {
      const auto at = static_cast<double>(i);
      while (k < parabolas - 1 && room.from[k + 1] < at) ++k;
      const auto steps = static_cast<double>(i - room.site[k]);
      const double value = squared(square, steps) + room.height[k];
      line[i] = static_cast<T>(root ? sqrt(value) : value);
    }
    begin = end;
  }
}

}  // namespace SEXTANT_VARIANT

}  // namespace sextant::distance
