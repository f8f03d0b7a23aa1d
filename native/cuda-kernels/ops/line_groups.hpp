// How an operation that goes along one axis (a filter, a distance) visits the lines of that axis.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "ops/host_device.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::SEXTANT_VARIANT {

/** Lines taken at once. */
inline constexpr std::int64_t kGroupLines = 32;

/**
 * The lines of an axis in groups: neighbours along the fastest other axis of `view`, so that whole lines
 * of the cache are read. Where the axis itself is the fastest, a group is one line and `columns` is -1.
 */
struct LineGroups {
  LineGroups(const TensorView& view, int axis_) : axis(axis_), length(view.shape[axis_]) {
    for (int other = 0; other < view.rank; ++other) {
      if (other == axis || view.shape[other] == 1) continue;
      if (columns < 0 || distance(view, other) < distance(view, columns)) columns = other;
    }
    if (columns >= 0 && distance(view, axis) <= distance(view, columns)) columns = -1;
    width = columns < 0 ? 1 : kGroupLines;
    groups = columns < 0 ? 1 : (view.shape[columns] + kGroupLines - 1) / kGroupLines;
    count = groups;
    for (int other = 0; other < view.rank; ++other) {
      if (other != axis && other != columns) count *= view.shape[other];
    }
  }

  /** Where the first line of group `index` begins in a view of the same shape, in elements. */
  std::int64_t start(const TensorView& view, std::int64_t index) const {
    std::int64_t offset = columns < 0 ? 0 : index % groups * kGroupLines * view.strides[columns];
    index /= groups;
    for (int other = view.rank - 1; other >= 0; --other) {
      if (other == axis || other == columns) continue;
      offset += index % view.shape[other] * view.strides[other];
      index /= view.shape[other];
    }
    return offset;
  }

  /** How many lines a group has: the last one of a row of groups has what is left. */
  std::int64_t lines_of(const TensorView& view, std::int64_t index) const {
    if (columns < 0) return 1;
    return std::min(kGroupLines, view.shape[columns] - index % groups * kGroupLines);
  }

  int axis;
  int columns = -1;
  std::int64_t length;
  std::int64_t width;   // of a full group
  std::int64_t groups;  // in a row of them
  std::int64_t count;   // in all

 private:
  static std::int64_t distance(const TensorView& view, int axis) {
    return std::llabs(view.strides[axis]);
  }
};

/** Copies and converts; the common strides of 1 are loops of their own, which vectorise. */
template <class From, class To>
void copy_elements(const From* from, std::int64_t from_stride, std::int64_t count, To* to,
                   std::int64_t to_stride) {
  if (from_stride == 1 && to_stride == 1) {
    for (std::int64_t n = 0; n < count; ++n) to[n] = static_cast<To>(from[n]);
  } else {
    for (std::int64_t n = 0; n < count; ++n) {
      to[n * to_stride] = static_cast<To>(from[n * from_stride]);
    }
  }
}

}  // namespace sextant::SEXTANT_VARIANT
