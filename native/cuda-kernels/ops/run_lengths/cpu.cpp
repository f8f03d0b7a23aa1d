#include <cstring>

#include "ops/run_lengths/run_lengths.hpp"

namespace sextant::SEXTANT_VARIANT {
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

std::vector<std::uint32_t> run_lengths(const RunLengthsJob& job, const Run& run) {
  const TensorView& box = job.mask;
  const std::int64_t row = job.shape[0], plane = row * job.shape[1];
  RunWriter writer;
  if (element_count(box) == 0) {
    writer.append(0, plane * job.shape[2]);
    return writer.finish();
  }
  const auto* voxels = static_cast<const std::uint8_t*>(box.data);
  // The gaps between the box's rows and planes are background, and so is what lies around it.
  const std::int64_t between_rows = row - box.shape[0];
  const std::int64_t between_planes = plane - row * (box.shape[1] - 1) - box.shape[0];
  const std::int64_t before =
      job.box_low[2] * plane + job.box_low[1] * row + job.box_low[0];
  const std::int64_t covered =
      plane * (box.shape[2] - 1) + row * (box.shape[1] - 1) + box.shape[0];
  writer.append(0, before);
  for (std::int64_t k = 0; k < box.shape[2]; ++k) {
    run.cancellation.throw_if_requested();
    if (k > 0) writer.append(0, between_planes);
    for (std::int64_t j = 0; j < box.shape[1]; ++j) {
      if (j > 0) writer.append(0, between_rows);
      append_row(voxels + k * box.strides[2] + j * box.strides[1], box.strides[0], box.shape[0],
                 writer);
    }
  }
  writer.append(0, plane * job.shape[2] - before - covered);
  return writer.finish();
}

}  // namespace sextant::SEXTANT_VARIANT
