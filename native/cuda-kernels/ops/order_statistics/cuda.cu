// A sort: its threads cooperate, so that it runs on a GPU only and not over the emulated grid.
#ifndef SEXTANT_EMULATED
#include <thrust/count.h>
#include <thrust/device_vector.h>
#include <thrust/execution_policy.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/sort.h>
#include <thrust/transform.h>

#include "ops/launch.hpp"
#include "ops/order_statistics/order_statistics.hpp"
#include "tensor/element_offset.hpp"

namespace sextant::order_statistics::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

SEXTANT_HD float value_at(const TensorView& view, std::int64_t index) {
  return static_cast<const float*>(view.data)[element_offset(view, index)];
}

struct KeyAt {
  TensorView view;
  SEXTANT_HD std::uint32_t operator()(std::int64_t index) const {
    return KeyOfFloat{}(value_at(view, index));
  }
};

struct IsNanAt {
  TensorView view;
  SEXTANT_HD bool operator()(std::int64_t index) const {
    const float x = value_at(view, index);
    return x != x;
  }
};

std::vector<double> apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const std::int64_t count = element_count(request.input);
  const DeviceTensor input(request.input);
  const thrust::counting_iterator<std::int64_t> first(0);
  if (thrust::count_if(thrust::device, first, first + count, IsNanAt{input.view()}) > 0) {
    refuse_nan();
  }
  thrust::device_vector<std::uint32_t> keys(static_cast<std::size_t>(count));
  thrust::transform(thrust::device, first, first + count, keys.begin(), KeyAt{input.view()});
  thrust::sort(thrust::device, keys.begin(), keys.end());
  std::vector<double> results;
  for (const double percent : request.percents) {
    const RankOfPercent rank = rank_of_percent(percent, count);
    const std::uint32_t below = keys[static_cast<std::size_t>(rank.below)];
    const std::uint32_t above = keys[static_cast<std::size_t>(rank.above)];
    results.push_back(interpolate_ranks(FloatOfKey{}(below), FloatOfKey{}(above), rank.t));
  }
  return results;
}

}  // namespace sextant::order_statistics::SEXTANT_VARIANT
#endif
