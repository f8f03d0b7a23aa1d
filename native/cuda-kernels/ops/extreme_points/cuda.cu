#include "ops/launch.hpp"
#ifndef SEXTANT_EMULATED
#include <thrust/execution_policy.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/transform_reduce.h>
#endif

#include "ops/extreme_points/extreme_points.hpp"
#include "ops/extreme_points/tables.hpp"
#include "tensor/element_offset.hpp"

namespace sextant::extreme_points::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

/** The value of voxel number `index`, counted in C order. */
template <class Combination>
SEXTANT_HD typename Combination::Real value_of(const ValueAt<Combination>& at, std::int64_t index) {
  const std::int64_t* n = at.shape;
  return at(index / n[2] / n[1], index / n[2] % n[1], index % n[2]);
}

/** One thread, one voxel; the last axis fastest. */
template <class Combination, class Finish>
__global__ void channel_kernel(ValueAt<Combination> at, Finish finish, TensorView output,
                               std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  static_cast<float*>(output.data)[element_offset(output, index)] = finish(value_of(at, index));
}

template <class Combination>
struct RangeAt {
  ValueAt<Combination> at;
  SEXTANT_HD Range operator()(std::int64_t index) const {
    const double value = value_of(at, index);
    return {value, value};
  }
};

/** On a GPU a reduction; the emulated grid has no threads that cooperate, there it is a loop. */
template <class Combination>
Range range_of(const ValueAt<Combination>& at, std::int64_t count) {
  const RangeAt<Combination> range_at{at};
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

/** The tables where kernels run. */
template <class Combination>
class DeviceTables {
 public:
  using Real = typename Combination::Real;

  explicit DeviceTables(Tables<Combination> tables)
      : points_(tables.points),
        x_(view_of(tables.axis[0])),
        y_(view_of(tables.axis[1])),
        z_(view_of(tables.axis[2])) {}

  ValueAt<Combination> value_at(const TensorView& output) const {
    return {static_cast<const Real*>(x_.view().data), static_cast<const Real*>(y_.view().data),
            static_cast<const Real*>(z_.view().data), points_,
            {output.shape[0], output.shape[1], output.shape[2]}};
  }

 private:
  static TensorView view_of(std::vector<Real>& table) {
    TensorView view{};
    view.data = table.data();
    view.dtype = sizeof(Real) == 4 ? Dtype::float32 : Dtype::float64;
    view.rank = 1;
    view.shape[0] = static_cast<std::int64_t>(table.size());
    view.strides[0] = 1;
    return view;
  }

  std::int64_t points_;
  DeviceTensor x_, y_, z_;
};

void apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const std::int64_t count = element_count(request.output);
  if (count == 0) return;
  const DeviceTensor output(request.output);
  if (request.kernel == Kernel::max) {
    const DeviceTables tables(gaussian_tables(request));
    const auto at = tables.value_at(request.output);
    launch(count, channel_kernel<MaximumOfPoints, AsItIs>, at, AsItIs{}, output.view(), count);
  } else {
    const DeviceTables tables(erf_tables(request));
    const auto at = tables.value_at(request.output);
    const RescaleToUnit to_unit{range_of(at, count)};
    launch(count, channel_kernel<SumOfPoints, RescaleToUnit>, at, to_unit, output.view(), count);
  }
  output.download();
}

}  // namespace sextant::extreme_points::SEXTANT_VARIANT
