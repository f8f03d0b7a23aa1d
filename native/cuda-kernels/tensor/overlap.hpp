#pragma once

#include "tensor/tensor_view.hpp"

namespace sextant {

/** The bytes from a view's first element in memory to the end of its last one. */
struct MemorySpan {
  const char* begin;
  const char* end;
};

inline MemorySpan span_of(const TensorView& view) {
  const char* data = static_cast<const char*>(view.data);
  if (element_count(view) == 0) return {data, data};
  const std::int64_t item = size_of(view.dtype);
  MemorySpan span{data, data + item};
  for (int axis = 0; axis < view.rank; ++axis) {
    const std::int64_t reach = view.strides[axis] * (view.shape[axis] - 1) * item;
    (reach < 0 ? span.begin : span.end) += reach;
  }
  return span;
}

inline bool spans_overlap(const TensorView& a, const TensorView& b) {
  const MemorySpan of_a = span_of(a);
  const MemorySpan of_b = span_of(b);
  return of_a.begin < of_b.end && of_b.begin < of_a.end;
}

inline bool same_shape(const TensorView& a, const TensorView& b) {
  if (a.rank != b.rank) return false;
  for (int axis = 0; axis < a.rank; ++axis) {
    if (a.shape[axis] != b.shape[axis]) return false;
  }
  return true;
}

/** Whether element by element both are the same memory. */
inline bool same_elements(const TensorView& a, const TensorView& b) {
  if (a.data != b.data || size_of(a.dtype) != size_of(b.dtype) || !same_shape(a, b)) return false;
  for (int axis = 0; axis < a.rank; ++axis) {
    if (a.shape[axis] > 1 && a.strides[axis] != b.strides[axis]) return false;
  }
  return true;
}

}  // namespace sextant
