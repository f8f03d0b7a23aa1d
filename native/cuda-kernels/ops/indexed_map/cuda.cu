#include "ops/indexed_map/indexed_map.hpp"
#include "ops/launch.hpp"

namespace sextant::indexed_map::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

/** One thread, one element; the last axis fastest. */
template <class T>
__global__ void indexed_map_kernel(Request request, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  const TensorView& in = request.input;
  const TensorView& out = request.output;
  const T value = static_cast<const T*>(in.data)[element_offset(in, index)];
  static_cast<float*>(out.data)[element_offset(out, index)] =
      value_at(request, static_cast<double>(value), index);
}

void apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const DeviceTensor input(request.input);
  const DeviceTensor output(request.output);
  Request on_device = request;
  on_device.input = input.view();
  on_device.output = output.view();
  const std::int64_t count = element_count(request.output);
  with_dtype(request.input.dtype, [&]<class T>() {
    launch(count, indexed_map_kernel<T>, on_device, count);
  });
  output.download();
}

}  // namespace sextant::indexed_map::SEXTANT_VARIANT
