#include "ops/launch.hpp"
#include "ops/warp/warp.hpp"

namespace sextant::warp::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

/** One thread, one output element; the last axis fastest. */
template <class T>
__global__ void warp_kernel(Request request, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  const std::int64_t* n = request.sampling.output.shape;
  const std::int64_t* points = request.displacement.shape + 1;
  const std::int64_t o[3] = {index / n[2] / n[1], index / n[2] % n[1], index % n[2]};
  const Taps i = taps_of(o[0], n[0], points[0], request.cubic);
  const Taps j = taps_of(o[1], n[1], points[1], request.cubic);
  const Taps k = taps_of(o[2], n[2], points[2], request.cubic);
  double d[3];
  for (int c = 0; c < 3; ++c) {
    d[c] = 0;
    for (int tap = 0; tap < k.count; ++tap) {
      d[c] += k.weight[tap] * column(request.displacement, c, i, j, k.index[tap]);
    }
  }
  make_element<T>(request, o, d);
}

void apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const DeviceTensor input(request.sampling.input);
  const DeviceTensor output(request.sampling.output);
  const DeviceTensor displacement(request.displacement);
  Request on_device = request;
  on_device.sampling.input = input.view();
  on_device.sampling.output = output.view();
  on_device.displacement = displacement.view();
  const std::int64_t count = element_count(request.sampling.output);
  with_dtype(request.sampling.input.dtype,
             [&]<class T>() { launch(count, warp_kernel<T>, on_device, count); });
  output.download();
}

}  // namespace sextant::warp::SEXTANT_VARIANT
