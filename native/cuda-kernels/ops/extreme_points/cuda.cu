#include "ops/launch.hpp"
#ifndef SEXTANT_EMULATED
#include <thrust/execution_policy.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/transform_reduce.h>
#endif

#include "ops/extreme_points/extreme_points.hpp"
#include "ops/extreme_points/tables.hpp"
#include "ops/move/element_offset.hpp"

namespace sextant::extreme_points::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

/** One thread, one voxel; the last axis fastest. */
template <class Combination>
__global__ void channel_kernel(ExtremePointsAt<Combination> at, TensorView output,
                               std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  const std::int64_t k = index % at.shape[2];
  const std::int64_t j = index / at.shape[2] % at.shape[1];
  const std::int64_t i = index / at.shape[2] / at.shape[1];
  static_cast<float*>(output.data)[element_offset(output, index)] = at(i, j, k);
}

__global__ void rescale_kernel(RescaleToUnit to_unit, TensorView output, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  float& value = static_cast<float*>(output.data)[element_offset(output, index)];
  value = to_unit(value);
}

struct RangeAt {
  TensorView view;
  SEXTANT_HD Range operator()(std::int64_t index) const {
    const float x = static_cast<const float*>(view.data)[element_offset(view, index)];
    return {x, x};
  }
};

/** On a GPU a reduction; the emulated grid has no threads that cooperate, there it is a loop. */
Range range_of(const TensorView& output) {
  const std::int64_t count = element_count(output);
  const RangeAt range_at{output};
#ifdef SEXTANT_EMULATED
  Range range;
  for (std::int64_t i = 0; i < count; ++i) range = RangeUnion{}(range, range_at(i));
  return range;
#else
  const thrust::counting_iterator<std::int64_t> first(0);
  return thrust::transform_reduce(thrust::device, first, first + count, range_at, Range{},
                                  RangeUnion{});
#endif
}

template <class Real>
TensorView view_of(std::vector<Real>& table) {
  TensorView view{};
  view.data = table.data();
  view.dtype = sizeof(Real) == 4 ? Dtype::float32 : Dtype::float64;
  view.rank = 1;
  view.shape[0] = static_cast<std::int64_t>(table.size());
  view.strides[0] = 1;
  return view;
}

template <class Combination>
void write_channel(Tables<Combination> tables, const TensorView& output) {
  using Real = typename Combination::Real;
  const DeviceTensor x(view_of(tables.axis[0]));
  const DeviceTensor y(view_of(tables.axis[1]));
  const DeviceTensor z(view_of(tables.axis[2]));
  const ExtremePointsAt<Combination> at{static_cast<const Real*>(x.view().data),
                                        static_cast<const Real*>(y.view().data),
                                        static_cast<const Real*>(z.view().data),
                                        tables.points,
                                        {output.shape[0], output.shape[1], output.shape[2]}};
  const std::int64_t count = element_count(output);
  launch(count, channel_kernel<Combination>, at, output, count);
}

void apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const std::int64_t count = element_count(request.output);
  if (count == 0) return;
  const DeviceTensor output(request.output);
  if (request.kernel == Kernel::max) {
    write_channel(gaussian_tables(request), output.view());
  } else {
    write_channel(erf_tables(request), output.view());
    const Range range = range_of(output.view());
    launch(count, rescale_kernel, RescaleToUnit{range}, output.view(), count);
  }
  output.download();
}

}  // namespace sextant::extreme_points::SEXTANT_VARIANT
