// A reduction: its threads cooperate, so that it runs on a GPU only and not over the emulated grid.
#ifndef SEXTANT_EMULATED
#include <thrust/device_vector.h>
#include <thrust/execution_policy.h>
#include <thrust/transform_reduce.h>

#include "ops/launch.hpp"
#include "ops/statistics/statistics.hpp"
#include "tensor/element_offset.hpp"

namespace sextant::statistics::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

/** One thread, one element. As float64, so that the reduction below is compiled for one type. */
template <class T>
__global__ void gather_kernel(TensorView input, double* values, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  const T value = static_cast<const T*>(input.data)[element_offset(input, index)];
  values[index] = static_cast<double>(value);
}

Moments apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const DeviceTensor input(request.input);
  const std::int64_t count = element_count(request.input);
  thrust::device_vector<double> values(static_cast<std::size_t>(count));
  with_dtype(request.input.dtype, [&]<class T>() {
    launch(count, gather_kernel<T>, input.view(), thrust::raw_pointer_cast(values.data()), count);
  });
  return thrust::transform_reduce(thrust::device, values.begin(), values.end(),
                                  MomentsOf{request.skip_zeros}, Moments{}, MomentsUnion{});
}

}  // namespace sextant::statistics::SEXTANT_VARIANT
#endif
