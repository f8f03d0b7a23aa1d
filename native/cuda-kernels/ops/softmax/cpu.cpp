#include <algorithm>

#include "ops/nearest_last.hpp"
#include "ops/softmax/softmax.hpp"

namespace sextant::softmax::SEXTANT_VARIANT {
namespace {

// Rows are taken in pieces whose sums stay in the first-level cache while the channels pass by.
constexpr std::int64_t kPiece = 512;
constexpr std::int64_t kTileVoxels = std::int64_t{1} << 14;

/** One piece of a row whose voxels are adjacent in both tensors: as VoxelSoftmax, voxels innermost. */
void adjacent_piece(const VoxelSoftmax& voxel, const float* __restrict input, std::int64_t count,
                    float* __restrict output) {
  float highest[kPiece];
  float sum[kPiece];
  std::copy_n(input, count, highest);
  for (std::int64_t c = 1; c < voxel.channels; ++c) {
    const float* values = input + c * voxel.stride;
    for (std::int64_t i = 0; i < count; ++i) {
      highest[i] = values[i] > highest[i] ? values[i] : highest[i];
    }
  }
  std::fill_n(sum, count, 0.0f);
  for (std::int64_t c = 0; c < voxel.channels; ++c) {
    const float* values = input + c * voxel.stride;
    float* to = output + c * voxel.output_stride;
    for (std::int64_t i = 0; i < count; ++i) {
      const float value = exp_below(values[i] - highest[i]);
      to[i] = value;
      sum[i] += value;
    }
  }
  for (std::int64_t c = 0; c < voxel.channels; ++c) {
    float* to = output + c * voxel.output_stride;
    for (std::int64_t i = 0; i < count; ++i) to[i] /= sum[i];
  }
}

}  // namespace

void apply(const Request& request, const Run& run) {
  const TensorView& in = request.input;
  const TensorView& out = request.output;
  if (element_count(out) == 0) return;
  const sextant::SEXTANT_VARIANT::NearestLast axes(in);
  const auto [p, q, r] = axes.order;
  const std::int64_t rows = in.shape[p + 1] * in.shape[q + 1], length = in.shape[r + 1];
  const std::int64_t step = in.strides[r + 1], out_step = out.strides[r + 1];
  const VoxelSoftmax voxel{in.shape[0], in.strides[0], out.strides[0]};

  parallel_for(rows, std::max<std::int64_t>(1, kTileVoxels / length), run,
               [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t i = row / in.shape[q + 1], j = row % in.shape[q + 1];
      const float* from =
          static_cast<const float*>(in.data) + i * in.strides[p + 1] + j * in.strides[q + 1];
      float* to = static_cast<float*>(out.data) + i * out.strides[p + 1] + j * out.strides[q + 1];
      if (step == 1 && out_step == 1) {
        for (std::int64_t k = 0; k < length; k += kPiece) {
          adjacent_piece(voxel, from + k, std::min(kPiece, length - k), to + k);
        }
      } else {
        for (std::int64_t k = 0; k < length; ++k) voxel(from + k * step, to + k * out_step);
      }
    }
  });
}

}  // namespace sextant::softmax::SEXTANT_VARIANT
