// Separable Gaussian smoothing: one pass along each axis that has weights, in the order of the axes. A
// pass sums in float64 and is kept in float32, as scipy.ndimage.gaussian_filter does it for float32.
#pragma once

#include <cstdint>
#include <vector>

#include "ops/border.hpp"
#include "ops/host_device.hpp"
#include "ops/move/move.hpp"
#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::gaussian {

struct Request {
  TensorView input;   // any type
  TensorView output;  // float32, the same shape, memory of its own
  Border border;
  double fill;
  std::vector<double> weights[kMaxRank];  // from the centre outwards; empty: the axis is left alone
};

SEXTANT_TARGETS(void smooth(const Request& request, const Run& run))

inline void apply(const Request& request, const Run& run) {
  for (int axis = 0; axis < request.input.rank; ++axis) {
    if (!request.weights[axis].empty()) return SEXTANT_PICK(run.target, smooth)(request, run);
  }
  move::apply({request.input, request.output}, run);
}

namespace SEXTANT_VARIANT {

/** One axis of the smoothing. */
struct Pass {
  int axis;
  Border border;
  double fill;
  const double* weights;
  std::int64_t radius;
};

/** Where element i of a line of n, which may lie outside, is taken from; -1 for the fill. */
SEXTANT_HD std::int64_t source_index(std::int64_t i, std::int64_t n, Border border) {
  if (i >= 0 && i < n) return i;
  if (border == Border::constant) return -1;
  if (border == Border::nearest) return i < 0 ? 0 : n - 1;
  std::int64_t folded = i % (2 * n);
  if (folded < 0) folded += 2 * n;
  return folded < n ? folded : 2 * n - 1 - folded;
}

template <class T>
SEXTANT_HD double element_of(const T* line, std::int64_t stride, std::int64_t i, std::int64_t n,
                             const Pass& pass) {
  const std::int64_t from = source_index(i, n, pass.border);
  return from < 0 ? pass.fill : static_cast<double>(line[from * stride]);
}

/** Element i of the line smoothed. From the outermost pair inwards: the order is part of the result. */
template <class T>
SEXTANT_HD float smoothed(const T* line, std::int64_t stride, std::int64_t i, std::int64_t n,
                          const Pass& pass) {
  double sum = element_of(line, stride, i, n, pass) * pass.weights[0];
  for (std::int64_t j = pass.radius; j > 0; --j) {
    const double pair = element_of(line, stride, i - j, n, pass) +
                        element_of(line, stride, i + j, n, pass);
    sum += pair * pass.weights[j];
  }
  return static_cast<float>(sum);
}

}  // namespace SEXTANT_VARIANT

}  // namespace sextant::gaussian
