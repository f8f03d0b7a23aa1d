#pragma once

#include <cstdint>

#include "tensor/dtype.hpp"

namespace sextant {

inline constexpr int kMaxRank = 8;

/**
 * Where the elements of a tensor lie. A plain struct for host and device: who passes a view keeps its
 * Storage alive. `data` is the element with all indices 0; strides are in elements and may be
 * negative or 0.
 */
struct TensorView {
  void* data;
  Dtype dtype;
  int rank;
  std::int64_t shape[kMaxRank];
  std::int64_t strides[kMaxRank];
};

SEXTANT_HD std::int64_t element_count(const TensorView& view) {
  std::int64_t count = 1;
  for (int axis = 0; axis < view.rank; ++axis) count *= view.shape[axis];
  return count;
}

/** Whether the elements lie without gaps in C order (last axis fastest). */
SEXTANT_HD bool is_dense_c(const TensorView& view) {
  std::int64_t expected = 1;
  for (int axis = view.rank - 1; axis >= 0; --axis) {
    if (view.shape[axis] != 1 && view.strides[axis] != expected) return false;
    expected *= view.shape[axis];
  }
  return true;
}

}  // namespace sextant
