#pragma once

#include <cstdint>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::masked_select {

struct Request {
  TensorView input;   // any type, any rank
  TensorView mask;    // uint8, the input's shape
  TensorView output;  // the input's type, 1 axis, dense
};

/**
 * Copies the elements whose mask is not 0, in C order. Returns how many they are; where the output has another
 * number of elements it stays as it is.
 */
SEXTANT_TARGETS_COOPERATING(std::int64_t apply(const Request& request, const Run& run))

inline std::int64_t apply(const Request& request, const Run& run) {
  return SEXTANT_PICK_COOPERATING(run.target, apply)(request, run);
}

/** Calls f with an unsigned integer of the size of an element: which type it is does not matter. */
template <class F>
void with_element_size(Dtype dtype, const F& f) {
  switch (size_of(dtype)) {
    case 1:
      return f.template operator()<std::uint8_t>();
    case 2:
      return f.template operator()<std::uint16_t>();
    case 4:
      return f.template operator()<std::uint32_t>();
    default:
      return f.template operator()<std::uint64_t>();
  }
}

}  // namespace sextant::masked_select
