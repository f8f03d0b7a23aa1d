#include "ops/gaussian/gaussian.hpp"
#include "ops/launch.hpp"
#include "tensor/element_offset.hpp"

namespace sextant::gaussian::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

/** One thread, one element of one pass. `from` and `to` are different memory. */
template <class T>
__global__ void smooth_kernel(TensorView from, TensorView to, Pass pass, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  std::int64_t before = 1;
  for (int axis = pass.axis + 1; axis < to.rank; ++axis) before *= to.shape[axis];
  const std::int64_t n = to.shape[pass.axis];
  const std::int64_t i = index / before % n;
  const std::int64_t stride = from.strides[pass.axis];
  const T* line = static_cast<const T*>(from.data) + element_offset(from, index) - i * stride;
  static_cast<float*>(to.data)[element_offset(to, index)] = smoothed(line, stride, i, n, pass);
}

/** A dense tensor of the output's shape in `block`. */
TensorView dense_like(const TensorView& output, const DeviceBlock& block) {
  TensorView view = output;
  view.data = block.data();
  std::int64_t step = 1;
  for (int axis = view.rank - 1; axis >= 0; --axis) {
    view.strides[axis] = step;
    step *= view.shape[axis];
  }
  return view;
}

/** A vector as a tensor, to be copied. */
TensorView view_of(const std::vector<double>& weights) {
  TensorView view{};
  view.data = const_cast<double*>(weights.data());
  view.dtype = Dtype::float64;
  view.rank = 1;
  view.shape[0] = static_cast<std::int64_t>(weights.size());
  view.strides[0] = 1;
  return view;
}

void smooth(const Request& request, const Run& run) {
  const std::int64_t count = element_count(request.output);
  if (count == 0) return;
  const DeviceTensor input(request.input);
  const DeviceTensor output(request.output);
  const DeviceBlock block(static_cast<std::size_t>(count) * sizeof(float));
  const TensorView other = dense_like(request.output, block);
  int passes = 0;
  for (const auto& weights : request.weights) passes += !weights.empty();
  TensorView from = input.view();
  for (int axis = 0; axis < request.output.rank; ++axis) {
    const std::vector<double>& weights = request.weights[axis];
    if (weights.empty()) continue;
    run.cancellation.throw_if_requested();
    const DeviceTensor on_device(view_of(weights));
    const Pass pass{axis, request.border, request.fill,
                    static_cast<const double*>(on_device.view().data),
                    static_cast<std::int64_t>(weights.size()) - 1};
    // In turn, so that the last pass ends in the output.
    const TensorView to = --passes % 2 == 0 ? output.view() : other;
    with_dtype(from.dtype, [&]<class T>() { launch(count, smooth_kernel<T>, from, to, pass, count); });
    from = to;
  }
  output.download();
}

}  // namespace sextant::gaussian::SEXTANT_VARIANT
