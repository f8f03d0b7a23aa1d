// A mask as runs: maximal stretches along one axis of what is looked at, and how those of two rows touch.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "ops/components/components.hpp"

namespace sextant::components::SEXTANT_VARIANT {

using RunIndex = std::uint32_t;

/** The mask as planes of rows: rows lie along the axis whose voxels are nearest in memory. */
struct Rows {
  explicit Rows(const TensorView& mask) : base(static_cast<std::uint8_t*>(mask.data)) {
    std::stable_sort(order, order + 3, [&](int a, int b) {
      return std::abs(mask.strides[a]) > std::abs(mask.strides[b]);
    });
    const std::int64_t c_strides[3] = {mask.shape[1] * mask.shape[2], mask.shape[2], 1};
    for (int i = 0; i < 3; ++i) {
      shape[i] = mask.shape[order[i]];
      strides[i] = mask.strides[order[i]];
      c_order[i] = c_strides[order[i]];
    }
  }

  std::uint8_t* row(std::int64_t p, std::int64_t q) const {
    return base + p * strides[0] + q * strides[1];
  }

  std::uint8_t* base;
  int order[3] = {0, 1, 2};  // the axes of the tensor as given
  std::int64_t shape[3];    // planes, rows of a plane, voxels of a row
  std::int64_t strides[3];  // in bytes
  std::int64_t c_order[3];  // what a step adds to a voxel's number in C order of the tensor as given
};

/** One stretch [start, stop) of foreground in a row. */
struct Stretch {
  std::int32_t start;
  std::int32_t stop;
};

/** Some planes, scanned. Run numbers count from 0 within the slab. */
struct Slab {
  std::int64_t first_plane;
  std::int64_t planes;
  std::vector<Stretch> runs;
  std::vector<RunIndex> row_begin;  // per row of the slab its first run, and one past the last
  std::vector<RunIndex> parent;
};

inline RunIndex root_of(std::vector<RunIndex>& parent, RunIndex run) {
  while (parent[run] != run) {
    parent[run] = parent[parent[run]];
    run = parent[run];
  }
  return run;
}

/** The lower number becomes the root, so that roots do not depend on the order of joining. */
inline void join(std::vector<RunIndex>& parent, RunIndex a, RunIndex b) {
  const RunIndex root_a = root_of(parent, a);
  const RunIndex root_b = root_of(parent, b);
  parent[std::max(root_a, root_b)] = std::min(root_a, root_b);
}

/** The first index from `i` on, by eights where rows have no gaps, that is looked at unlike voxel i. */
inline std::int64_t end_of_stretch(const std::uint8_t* voxels, std::int64_t stride, std::int64_t i,
                                   std::int64_t length, const IsForeground& is_foreground) {
  const bool here = is_foreground(voxels[i * stride]);
  if (stride == 1) {
    std::uint64_t same;
    std::memset(&same, voxels[i], 8);
    for (; i + 8 <= length; i += 8) {
      std::uint64_t eight;
      std::memcpy(&eight, voxels + i, 8);
      if (eight != same) break;
    }
  }
  while (i < length && is_foreground(voxels[i * stride]) == here) ++i;
  return i;
}

inline void scan_row(const std::uint8_t* voxels, std::int64_t stride, std::int64_t length,
                     const IsForeground& is_foreground, std::vector<Stretch>& runs) {
  for (std::int64_t i = 0; i < length;) {
    const std::int64_t start = i;
    i = end_of_stretch(voxels, stride, i, length, is_foreground);
    if (!is_foreground(voxels[start * stride])) continue;
    runs.push_back({static_cast<std::int32_t>(start), static_cast<std::int32_t>(i)});
  }
}

/** Walks two rows together and calls `touch(a, b)` for every pair of runs within `reach`. */
template <class Touch>
void for_touching(const Stretch* a, RunIndex a_count, const Stretch* b, RunIndex b_count, int reach,
                  Touch touch) {
  RunIndex i = 0, j = 0;
  while (i < a_count && j < b_count) {
    if (a[i].start < b[j].stop + reach && b[j].start < a[i].stop + reach) touch(i, j);
    if (a[i].stop < b[j].stop) {
      ++i;
    } else {
      ++j;
    }
  }
}

/** The rows before (p, q) that can touch it, and how far their runs reach. */
struct Neighbour {
  int dp;
  int dq;
  int reach;
};

inline std::vector<Neighbour> neighbours_before(int connectivity) {
  std::vector<Neighbour> found;
  constexpr int before[4][2] = {{-1, -1}, {-1, 0}, {-1, 1}, {0, -1}};
  for (const auto& [dp, dq] : before) {
    const int reach = reach_between_rows(connectivity, dp, dq);
    if (reach >= 0) found.push_back({dp, dq, reach});
  }
  return found;
}

}  // namespace sextant::components::SEXTANT_VARIANT
