#include "ops/launch.hpp"
#include "ops/softmax/softmax.hpp"

namespace sextant::softmax::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

/** One thread, one voxel; the last axis fastest. */
__global__ void softmax_kernel(Request request, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  const TensorView& in = request.input;
  const TensorView& out = request.output;
  const std::int64_t k = index % in.shape[3];
  const std::int64_t j = index / in.shape[3] % in.shape[2];
  const std::int64_t i = index / in.shape[3] / in.shape[2];
  const VoxelSoftmax voxel{in.shape[0], in.strides[0], out.strides[0]};
  voxel(static_cast<const float*>(in.data) + i * in.strides[1] + j * in.strides[2] + k * in.strides[3],
        static_cast<float*>(out.data) + i * out.strides[1] + j * out.strides[2] + k * out.strides[3]);
}

void apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const DeviceTensor input(request.input);
  const DeviceTensor output(request.output);
  Request on_device = request;
  on_device.input = input.view();
  on_device.output = output.view();
  const std::int64_t count = element_count(request.output) / std::max<std::int64_t>(1, request.output.shape[0]);
  launch(count, softmax_kernel, on_device, count);
  output.download();
}

}  // namespace sextant::softmax::SEXTANT_VARIANT
