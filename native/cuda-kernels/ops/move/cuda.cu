#include "ops/launch.hpp"
#include "ops/move/move.hpp"
#include "tensor/element_offset.hpp"

namespace sextant::move::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

/** One thread, one element; the output's last axis fastest. */
template <class From, class To>
__global__ void move_kernel(TensorView input, TensorView output, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  const From value = static_cast<const From*>(input.data)[element_offset(input, index)];
  static_cast<To*>(output.data)[element_offset(output, index)] = Convert<From, To>{}(value);
}

void apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const DeviceTensor input(request.input);
  const DeviceTensor output(request.output);
  const std::int64_t count = element_count(request.output);
  with_dtype(request.input.dtype, [&]<class From>() {
    with_dtype(request.output.dtype, [&]<class To>() {
      launch(count, move_kernel<From, To>, input.view(), output.view(), count);
    });
  });
  output.download();
}

}  // namespace sextant::move::SEXTANT_VARIANT
