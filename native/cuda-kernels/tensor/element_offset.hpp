#pragma once

#include "tensor/tensor_view.hpp"

namespace sextant::SEXTANT_VARIANT {

/** Where element number `index` of a view, counted in C order, lies from its data; in elements. */
SEXTANT_HD std::int64_t element_offset(const TensorView& view, std::int64_t index) {
  std::int64_t offset = 0;
  for (int axis = view.rank - 1; axis >= 0; --axis) {
    offset += index % view.shape[axis] * view.strides[axis];
    index /= view.shape[axis];
  }
  return offset;
}

}  // namespace sextant::SEXTANT_VARIANT
