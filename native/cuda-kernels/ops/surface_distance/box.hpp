// The part of two masks that has something in it, cut out as bytes of 0 and 1.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "ops/components/runs.hpp"
#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::surface_distance::SEXTANT_VARIANT {

using components::SEXTANT_VARIANT::end_of_stretch;
using components::SEXTANT_VARIANT::IsForeground;

/** Indices [low, high) on each axis; empty until something is added. */
struct Box {
  std::int64_t low[3] = {INT64_MAX, INT64_MAX, INT64_MAX};
  std::int64_t high[3] = {0, 0, 0};

  void add(int axis, std::int64_t begin, std::int64_t end) {
    low[axis] = std::min(low[axis], begin);
    high[axis] = std::max(high[axis], end);
  }
  void add(const Box& other) {
    for (int axis = 0; axis < 3; ++axis) add(axis, other.low[axis], other.high[axis]);
  }
  bool empty() const { return high[0] == 0; }
  std::int64_t extent(int axis) const { return high[axis] - low[axis]; }
};

inline const std::uint8_t* row_of(const TensorView& mask, std::int64_t i, std::int64_t j) {
  return static_cast<const std::uint8_t*>(mask.data) + i * mask.strides[0] + j * mask.strides[1];
}

/** Adds a row's stretch from its first to its last voxel that is looked at. */
inline void add_row(const TensorView& mask, const IsForeground& is_foreground, std::int64_t i,
                    std::int64_t j, Box& box) {
  const std::uint8_t* row = row_of(mask, i, j);
  const std::int64_t n = mask.shape[2];
  for (std::int64_t k = 0; k < n;) {
    const std::int64_t begin = k;
    k = end_of_stretch(row, mask.strides[2], k, n, is_foreground);
    if (!is_foreground(row[begin * mask.strides[2]])) continue;
    box.add(0, i, i + 1);
    box.add(1, j, j + 1);
    box.add(2, begin, k);
  }
}

inline Box box_of(const TensorView& mask, const IsForeground& is_foreground, const Run& run) {
  std::vector<Box> of_plane(static_cast<std::size_t>(mask.shape[0]));
  parallel_for(mask.shape[0], 1, run, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::int64_t j = 0; j < mask.shape[1]; ++j) {
        add_row(mask, is_foreground, i, j, of_plane[static_cast<std::size_t>(i)]);
      }
    }
  });
  Box box;
  for (const Box& plane : of_plane) box.add(plane);
  return box;
}

/** The bytes of the box with a border of one 0 around it. */
inline std::vector<std::uint8_t> cut_out(const TensorView& mask, const IsForeground& is_foreground,
                                         const Box& box, const Run& run) {
  const std::int64_t row = box.extent(2) + 2, plane = (box.extent(1) + 2) * row;
  std::vector<std::uint8_t> padded(static_cast<std::size_t>((box.extent(0) + 2) * plane), 0);
  parallel_for(box.extent(0), 1, run, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::int64_t j = 0; j < box.extent(1); ++j) {
        const std::uint8_t* from =
            row_of(mask, box.low[0] + i, box.low[1] + j) + box.low[2] * mask.strides[2];
        std::uint8_t* to = padded.data() + (i + 1) * plane + (j + 1) * row + 1;
        for (std::int64_t k = 0; k < box.extent(2); ++k) {
          to[k] = is_foreground(from[k * mask.strides[2]]) ? 1 : 0;
        }
      }
    }
  });
  return padded;
}

}  // namespace sextant::surface_distance::SEXTANT_VARIANT
