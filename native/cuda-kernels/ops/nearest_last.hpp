// The order in which the three spatial axes of a [C, X, Y, Z] tensor are walked.
#pragma once

#include <algorithm>
#include <cstdlib>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::SEXTANT_VARIANT {

/** The spatial axes 0 to 2, the one whose voxels are nearest in the input last. */
struct NearestLast {
  explicit NearestLast(const TensorView& input) {
    std::stable_sort(order, order + 3, [&](int a, int b) {
      return std::abs(input.strides[a + 1]) > std::abs(input.strides[b + 1]);
    });
  }
  int order[3] = {0, 1, 2};
};

}  // namespace sextant::SEXTANT_VARIANT
