#include <algorithm>

#include "ops/argmax/argmax.hpp"
#include "ops/nearest_last.hpp"

namespace sextant::argmax::SEXTANT_VARIANT {
namespace {

// Rows are taken in pieces whose leaders stay in the first-level cache while the channels pass by.
constexpr std::int64_t kPiece = 512;
constexpr std::int64_t kTileVoxels = std::int64_t{1} << 16;

/** One piece of a row whose voxels are adjacent: channels outside, voxels inside, no branch. */
void adjacent_piece(const float* input, std::int64_t channels, std::int64_t channel_stride,
                    std::int64_t count, std::uint8_t* output, std::int64_t output_stride) {
  float leader[kPiece];
  std::int32_t winner[kPiece];
  for (std::int64_t i = 0; i < count; ++i) {
    leader[i] = input[i];
    winner[i] = 0;
  }
  for (std::int64_t c = 1; c < channels; ++c) {
    const float* values = input + c * channel_stride;
    const auto channel = static_cast<std::int32_t>(c);
    for (std::int64_t i = 0; i < count; ++i) {
      const bool leads = takes_lead(values[i], leader[i]);
      leader[i] = leads ? values[i] : leader[i];
      winner[i] = leads ? channel : winner[i];
    }
  }
  for (std::int64_t i = 0; i < count; ++i) {
    output[i * output_stride] = static_cast<std::uint8_t>(winner[i]);
  }
}

}  // namespace

void apply(const Request& request, const Run& run) {
  const TensorView& in = request.input;
  const TensorView& out = request.output;
  if (element_count(out) == 0) return;
  const sextant::SEXTANT_VARIANT::NearestLast axes(in);
  const auto [p, q, r] = axes.order;
  const std::int64_t rows = out.shape[p] * out.shape[q], length = out.shape[r];
  const std::int64_t step = in.strides[r + 1], out_step = out.strides[r];
  const WinnerAt at{static_cast<const float*>(in.data), in.shape[0], in.strides[0]};

  parallel_for(rows, std::max<std::int64_t>(1, kTileVoxels / length), run,
               [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t i = row / out.shape[q], j = row % out.shape[q];
      const std::int64_t offset = i * in.strides[p + 1] + j * in.strides[q + 1];
      std::uint8_t* to =
          static_cast<std::uint8_t*>(out.data) + i * out.strides[p] + j * out.strides[q];
      if (step == 1) {
        for (std::int64_t k = 0; k < length; k += kPiece) {
          adjacent_piece(at.input + offset + k, at.channels, at.stride,
                         std::min(kPiece, length - k), to + k * out_step, out_step);
        }
      } else {
        for (std::int64_t k = 0; k < length; ++k) to[k * out_step] = at(offset + k * step);
      }
    }
  });
}

}  // namespace sextant::argmax::SEXTANT_VARIANT
