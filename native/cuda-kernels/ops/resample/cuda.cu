#include "ops/launch.hpp"
#include "ops/resample/resample.hpp"

namespace sextant::resample::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

/** One thread, one output element; the last axis fastest. */
template <class T>
__global__ void resample_kernel(Request request, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  const std::int64_t* n = request.output.shape;
  const std::int64_t k = index % n[2];
  const std::int64_t j = index / n[2] % n[1];
  const std::int64_t i = index / n[2] / n[1];
  make_element<T>(request, i, j, k);
}

void apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const DeviceTensor input(request.input);
  const DeviceTensor output(request.output);
  Request on_device = request;
  on_device.input = input.view();
  on_device.output = output.view();
  const std::int64_t count = element_count(request.output);
  with_dtype(request.input.dtype,
             [&]<class T>() { launch(count, resample_kernel<T>, on_device, count); });
  output.download();
}

}  // namespace sextant::resample::SEXTANT_VARIANT
