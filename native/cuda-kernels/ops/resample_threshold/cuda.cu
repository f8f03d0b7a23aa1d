#include <vector>

#include "ops/launch.hpp"
#include "ops/resample_threshold/resample_threshold.hpp"

namespace sextant::resample_threshold::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

/**
 * One thread, one output element; the last axis fastest. `touched` has a flag for every index of axis 0,
 * then axis 1, then axis 2: threads that set the same one write the same value.
 */
template <class T>
__global__ void resample_threshold_kernel(resample::Request made, float lowest,
                                          std::uint8_t* touched, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  const std::int64_t* n = made.output.shape;
  const std::int64_t k = index % n[2];
  const std::int64_t j = index / n[2] % n[1];
  const std::int64_t i = index / n[2] / n[1];
  if (!reaches<T>(made, lowest, i, j, k)) return;
  output_at(made.output, i, j, k) = 1;
  touched[i] = 1;
  touched[n[0] + j] = 1;
  touched[n[0] + n[1] + k] = 1;
}

/** From the first to the last flag of each axis. */
inline Bounds bounds_of(const std::uint8_t* touched, const std::int64_t* shape) {
  Bounds bounds;
  for (int axis = 0; axis < 3; touched += shape[axis], ++axis) {
    for (std::int64_t index = 0; index < shape[axis]; ++index) {
      if (touched[index] == 0) continue;
      if (bounds.high[axis] == 0) bounds.low[axis] = index;
      bounds.high[axis] = index + 1;
    }
  }
  return bounds;
}

Bounds apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const std::int64_t count = element_count(request.output);
  if (count == 0 || element_count(request.input) == 0) return {};
  const DeviceTensor input(request.input);
  const DeviceTensor output(request.output);
  resample::Request made = resampling_of(request);
  made.input = input.view();
  made.output = output.view();
  const std::int64_t* shape = request.output.shape;
  std::vector<std::uint8_t> flags(static_cast<std::size_t>(shape[0] + shape[1] + shape[2]));
  TensorView flags_view{};
  flags_view.data = flags.data();
  flags_view.dtype = Dtype::uint8;
  flags_view.rank = 1;
  flags_view.shape[0] = static_cast<std::int64_t>(flags.size());
  flags_view.strides[0] = 1;
  const DeviceTensor touched(flags_view);
  const float lowest = lowest_reaching(request.at_least);
  with_dtype(request.input.dtype, [&]<class T>() {
    launch(count, resample_threshold_kernel<T>, made, lowest,
           static_cast<std::uint8_t*>(touched.view().data), count);
  });
  output.download();
  touched.download();
  return bounds_of(flags.data(), shape);
}

}  // namespace sextant::resample_threshold::SEXTANT_VARIANT
