#pragma once

#include <cstdint>
#include <vector>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::components {

inline constexpr int kAnyLabel = -1;

struct Request {
  TensorView mask;   // uint8, rank 3
  int label;         // the value looked at (1 to 255), or kAnyLabel for everything but 0
  int connectivity;  // 6, 18 or 26
};

/**
 * Keeps the largest component and sets the other voxels of that label to 0; voxels of other labels stay.
 * Of components of one size the one with the lowest first voxel in C order stays. Returns its voxels.
 */
SEXTANT_TARGETS_COOPERATING(std::int64_t keep_largest(const Request& request, const Run& run))

/**
 * Numbers the components from 1 on, the largest first, those of one size by their first voxel in C order.
 * `labels`: int32 of the mask's shape, 0 where nothing is looked at. Returns the components' voxels.
 */
SEXTANT_TARGETS_COOPERATING(std::vector<std::int64_t> label(const Request& request,
                                                            const TensorView& labels,
                                                            const Run& run))

/**
 * Sets the 0 voxels to the label that no path outside the label leads from to an outer face. Here the
 * connectivity is that of the path. Returns how many.
 */
SEXTANT_TARGETS_COOPERATING(std::int64_t fill_holes(const Request& request, const Run& run))

inline std::int64_t keep_largest(const Request& request, const Run& run) {
  return SEXTANT_PICK_COOPERATING(run.target, keep_largest)(request, run);
}

inline std::vector<std::int64_t> label(const Request& request, const TensorView& labels,
                                       const Run& run) {
  return SEXTANT_PICK_COOPERATING(run.target, label)(request, labels, run);
}

inline std::int64_t fill_holes(const Request& request, const Run& run) {
  return SEXTANT_PICK_COOPERATING(run.target, fill_holes)(request, run);
}

/** What holes are filled with. */
inline std::uint8_t fill_value(int label) {
  return label == kAnyLabel ? 1 : static_cast<std::uint8_t>(label);
}

namespace SEXTANT_VARIANT {

/** Whether a voxel belongs to what is looked at: a label, or everything else. */
struct IsForeground {
  int label;
  bool inverted;
  SEXTANT_HD bool operator()(std::uint8_t value) const {
    return (label == kAnyLabel ? value != 0 : value == label) != inverted;
  }
};

/**
 * How far apart along a row two voxels may lie that touch, when their rows are `dp` and `dq` apart on
 * the other two axes (each -1, 0 or 1); -1 when such rows never touch.
 */
SEXTANT_HD int reach_between_rows(int connectivity, int dp, int dq) {
  const int apart = (dp != 0) + (dq != 0);
  const int allowed = connectivity == 6 ? 1 : connectivity == 18 ? 2 : 3;
  if (apart > allowed) return -1;
  return apart + 1 <= allowed ? 1 : 0;
}

}  // namespace SEXTANT_VARIANT

}  // namespace sextant::components
