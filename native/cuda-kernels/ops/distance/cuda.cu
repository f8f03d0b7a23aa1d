#include <algorithm>

#include "ops/distance/distance.hpp"
#include "ops/launch.hpp"

namespace sextant::distance::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

/** Lines at once: each has room for its envelope, 24 bytes a voxel. */
constexpr std::int64_t kLines = std::int64_t{1} << 15;

/** Where line `line` of an axis begins; the last other axis fastest. */
SEXTANT_HD std::int64_t line_start(const TensorView& view, int axis, std::int64_t line) {
  const int slow = axis == 0 ? 1 : 0, fast = axis == 2 ? 1 : 2;
  return line / view.shape[fast] * view.strides[slow] + line % view.shape[fast] * view.strides[fast];
}

/** One thread, one line. */
__global__ void count_kernel(Request request, int axis, std::int64_t lines) {
  const std::int64_t index = global_index();
  if (index >= lines) return;
  const std::int64_t n = request.mask.shape[axis];
  const double square = request.spacing[axis] * request.spacing[axis];
  const LineOf<const std::uint8_t> in{
      static_cast<const std::uint8_t*>(request.mask.data) + line_start(request.mask, axis, index),
      request.mask.strides[axis]};
  const LineOf<float> out{
      static_cast<float*>(request.output.data) + line_start(request.output, axis, index),
      request.output.strides[axis]};
  double steps = __builtin_huge_val();
  for (std::int64_t i = 0; i < n; ++i) {
    steps = in[i] == 0 ? 0 : steps + 1;
    out[i] = static_cast<float>(squared(square, steps));
  }
  steps = __builtin_huge_val();
  for (std::int64_t i = n - 1; i >= 0; --i) {
    steps = in[i] == 0 ? 0 : steps + 1;
    const auto from_here = static_cast<float>(squared(square, steps));
    if (from_here < out[i]) out[i] = from_here;
  }
}

/** One thread, one line of those from `first` on. */
__global__ void envelope_kernel(Request request, int axis, std::int64_t first, Envelope rooms,
                                std::int64_t lines) {
  const std::int64_t index = global_index();
  if (index >= lines) return;
  const std::int64_t n = request.output.shape[axis];
  const Envelope room{rooms.site + index * n, rooms.height + index * n, rooms.from + index * n};
  const LineOf<float> line{
      static_cast<float*>(request.output.data) + line_start(request.output, axis, first + index),
      request.output.strides[axis]};
  lower_envelope(line, n, request.spacing[axis] * request.spacing[axis], axis == 2, room);
}

void add_axis(const Request& on_device, int axis, const Run& run) {
  const std::int64_t n = on_device.output.shape[axis];
  const std::int64_t lines = element_count(on_device.output) / n;
  const auto room = static_cast<std::size_t>(std::min(lines, kLines) * n);
  const DeviceBlock sites(room * sizeof(std::int64_t));
  const DeviceBlock heights(room * sizeof(double)), from(room * sizeof(double));
  const Envelope rooms{reinterpret_cast<std::int64_t*>(sites.data()),
                       reinterpret_cast<double*>(heights.data()),
                       reinterpret_cast<double*>(from.data())};
  for (std::int64_t first = 0; first < lines; first += kLines) {
    run.cancellation.throw_if_requested();
    const std::int64_t count = std::min(kLines, lines - first);
    launch(count, envelope_kernel, on_device, axis, first, rooms, count);
  }
}

void apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const std::int64_t count = element_count(request.output);
  if (count == 0) return;
  const DeviceTensor mask(request.mask);
  const DeviceTensor output(request.output);
  Request on_device = request;
  on_device.mask = mask.view();
  on_device.output = output.view();
  const std::int64_t lines = count / request.mask.shape[0];
  launch(lines, count_kernel, on_device, 0, lines);
  add_axis(on_device, 1, run);
  add_axis(on_device, 2, run);
  output.download();
}

}  // namespace sextant::distance::SEXTANT_VARIANT
