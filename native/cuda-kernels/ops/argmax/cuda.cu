#include "ops/argmax/argmax.hpp"
#include "ops/launch.hpp"

namespace sextant::argmax::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

/** One thread, one voxel; the last axis fastest. */
__global__ void argmax_kernel(Request request, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  const TensorView& in = request.input;
  const TensorView& out = request.output;
  const std::int64_t k = index % out.shape[2];
  const std::int64_t j = index / out.shape[2] % out.shape[1];
  const std::int64_t i = index / out.shape[2] / out.shape[1];
  const WinnerAt at{static_cast<const float*>(in.data), in.shape[0], in.strides[0]};
  static_cast<std::uint8_t*>(
      out.data)[i * out.strides[0] + j * out.strides[1] + k * out.strides[2]] =
      at(i * in.strides[1] + j * in.strides[2] + k * in.strides[3]);
}

void apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const DeviceTensor input(request.input);
  const DeviceTensor output(request.output);
  Request on_device = request;
  on_device.input = input.view();
  on_device.output = output.view();
  const std::int64_t count = element_count(request.output);
  launch(count, argmax_kernel, on_device, count);
  output.download();
}

}  // namespace sextant::argmax::SEXTANT_VARIANT
