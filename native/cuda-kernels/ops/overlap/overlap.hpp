// How often each label is in one labelmap, in another, and in both at the same voxel.
#pragma once

#include <array>
#include <cstdint>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::overlap {

inline constexpr int kLabels = 256;

struct Request {
  TensorView prediction;  // uint8
  TensorView reference;   // uint8, the same shape
};

using LabelCounts = std::array<std::int64_t, kLabels>;

struct Counts {
  LabelCounts prediction{};
  LabelCounts reference{};
  LabelCounts shared{};
};

SEXTANT_TARGETS_COOPERATING(Counts apply(const Request& request, const Run& run))

inline Counts apply(const Request& request, const Run& run) {
  return SEXTANT_PICK_COOPERATING(run.target, apply)(request, run);
}

}  // namespace sextant::overlap
