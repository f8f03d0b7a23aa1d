#pragma once

#include <cstdint>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::components {

inline constexpr int kAnyLabel = -1;

struct Request {
  TensorView mask;   // uint8, rank 3, changed in place
  int label;         // the value looked at (1 to 255), or kAnyLabel for everything but 0
  int connectivity;  // 6, 18 or 26
};

/**
 * Keeps the largest component and sets the other voxels of that label to 0; voxels of other labels stay.
 * Of components of one size the one with the lowest first voxel in C order stays. Returns its voxels.
 */
SEXTANT_TARGETS_COOPERATING(std::int64_t apply(const Request& request, const Run& run))

inline std::int64_t apply(const Request& request, const Run& run) {
  return SEXTANT_PICK_COOPERATING(run.target, apply)(request, run);
}

namespace SEXTANT_VARIANT {

/** Whether a voxel belongs to what is looked at. */
struct IsForeground {
  int label;
  SEXTANT_HD bool operator()(std::uint8_t value) const {
    return label == kAnyLabel ? value != 0 : value == label;
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
