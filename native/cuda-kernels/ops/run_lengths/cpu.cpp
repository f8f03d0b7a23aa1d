#include <cstring>

#include "ops/run_lengths/run_lengths.hpp"

namespace sextant::run_lengths::SEXTANT_VARIANT {
namespace {

/** How many of `count` voxels from `voxels` on have the first one's value. */
std::int64_t stretch(const std::uint8_t* voxels, std::int64_t stride, std::int64_t count) {
  const std::uint8_t value = *voxels;
  std::int64_t i = 1;
  if (stride == 1) {
    std::uint64_t eight_equal;
    std::memset(&eight_equal, value, 8);
    for (; i + 8 <= count; i += 8) {
      std::uint64_t eight;
      std::memcpy(&eight, voxels + i, 8);
      if (eight != eight_equal) break;
    }
  }
  while (i < count && voxels[i * stride] == value) ++i;
  return i;
}

void append_row(const std::uint8_t* voxels, std::int64_t stride, std::int64_t count,
                RunWriter& writer) {
  for (std::int64_t i = 0; i < count;) {
    const std::int64_t length = stretch(voxels + i * stride, stride, count - i);
    writer.append(voxels[i * stride], length);
    i += length;
  }
}

}  // namespace

std::vector<std::uint32_t> apply(const Request& request, const Run& run) {
  const TensorView& box = request.mask;
  RunWriter writer;
  if (element_count(box) == 0) {
    writer.append(0, request.shape[0] * request.shape[1] * request.shape[2]);
    return writer.finish();
  }
  const Gaps gaps(request);
  const auto* voxels = static_cast<const std::uint8_t*>(box.data);
  for (std::int64_t k = 0; k < box.shape[2]; ++k) {
    run.cancellation.throw_if_requested();
    for (std::int64_t j = 0; j < box.shape[1]; ++j) {
      writer.append(0, gaps.before_row(j, k));
      append_row(voxels + k * box.strides[2] + j * box.strides[1], box.strides[0], box.shape[0],
                 writer);
    }
  }
  writer.append(0, gaps.after);
  return writer.finish();
}

}  // namespace sextant::run_lengths::SEXTANT_VARIANT
