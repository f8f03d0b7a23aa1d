#pragma once

#include <cstdint>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::argmax {

struct Request {
  TensorView input;   // float32 [C, X, Y, Z], 1 to 256 channels
  TensorView output;  // uint8 [X, Y, Z]
};

/** The channel with the highest value, the first of equals; NaN never wins (all NaN: channel 0). */
SEXTANT_TARGETS(void apply(const Request& request, const Run& run))

inline void apply(const Request& request, const Run& run) {
  SEXTANT_PICK(run.target, apply)(request, run);
}

namespace SEXTANT_VARIANT {

/** Whether a later channel's value takes the lead. A leader that is NaN loses to any number. */
SEXTANT_HD bool takes_lead(float value, float leader) {
  return !(value <= leader) && value == value;
}

/** The winner at one voxel, whose channels lie `stride` elements apart. */
struct WinnerAt {
  const float* input;
  std::int64_t channels;
  std::int64_t stride;

  SEXTANT_HD std::uint8_t operator()(std::int64_t offset) const {
    float leader = input[offset];
    std::int64_t winner = 0;
    for (std::int64_t c = 1; c < channels; ++c) {
      const float value = input[offset + c * stride];
      if (takes_lead(value, leader)) {
        leader = value;
        winner = c;
      }
    }
    return static_cast<std::uint8_t>(winner);
  }
};

}  // namespace SEXTANT_VARIANT

}  // namespace sextant::argmax
