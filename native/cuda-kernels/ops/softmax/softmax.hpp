#pragma once

#include <cstdint>
#include <cstring>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::softmax {

struct Request {
  TensorView input;   // float32 [C, X, Y, Z]
  TensorView output;  // float32, the same shape
};

/** exp(x) over the sum of the channels' exp, at each voxel; NaN in one channel is NaN in all. */
SEXTANT_TARGETS(void apply(const Request& request, const Run& run))

inline void apply(const Request& request, const Run& run) {
  SEXTANT_PICK(run.target, apply)(request, run);
}

namespace SEXTANT_VARIANT {

/**
 * exp(x) for x <= 0 to within 2 units of the last place, by additions and multiplications alone, so that every
 * variant and CUDA give the same bits: x = n ln 2 + r with |r| <= ln 2 / 2, exp(r) by a polynomial of degree
 * 7, and n into the exponent. What float32 holds no normal number for is 0.
 */
SEXTANT_HD float exp_below(float x) {
  constexpr float kLowest = -87.3f;
  constexpr float kLog2e = 1.44269504f;
  // ln 2 in two parts, of which the first times a small whole number is exact.
  constexpr float kLn2High = 0.693359375f;
  constexpr float kLn2Low = -2.12194440e-4f;
  // Added and taken away it leaves the nearest whole number.
  constexpr float kRound = 12582912.0f;
  const float inside = x > kLowest ? x : kLowest;
  const float n = (inside * kLog2e + kRound) - kRound;
  const float r = (inside - n * kLn2High) - n * kLn2Low;
  float p = 1.98412698e-4f;
  p = p * r + 1.38888889e-3f;
  p = p * r + 8.33333333e-3f;
  p = p * r + 4.16666667e-2f;
  p = p * r + 1.66666667e-1f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  const std::int32_t bits = (static_cast<std::int32_t>(n) + 127) * (1 << 23);
  float scale;
  std::memcpy(&scale, &bits, sizeof scale);
  const float value = x > kLowest ? p * scale : 0.0f;
  return x == x ? value : x;
}

/** One voxel, whose channels lie so many elements apart. */
struct VoxelSoftmax {
  std::int64_t channels, stride, output_stride;

  SEXTANT_HD void operator()(const float* input, float* output) const {
    float highest = input[0];
    for (std::int64_t c = 1; c < channels; ++c) {
      const float value = input[c * stride];
      highest = value > highest ? value : highest;
    }
    float sum = 0;
    for (std::int64_t c = 0; c < channels; ++c) {
      const float value = exp_below(input[c * stride] - highest);
      output[c * output_stride] = value;
      sum += value;
    }
    for (std::int64_t c = 0; c < channels; ++c) output[c * output_stride] /= sum;
  }
};

}  // namespace SEXTANT_VARIANT

}  // namespace sextant::softmax
