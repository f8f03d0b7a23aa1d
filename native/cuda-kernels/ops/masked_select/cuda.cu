// Runs on a GPU only: which place an element gets is a scan, whose threads cooperate. On a machine without
// one, this file is compiled by nvcc and no test runs it.
#ifndef SEXTANT_EMULATED

#include <thrust/copy.h>
#include <thrust/count.h>
#include <thrust/device_ptr.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/iterator/transform_iterator.h>

#include "ops/launch.hpp"
#include "ops/masked_select/masked_select.hpp"
#include "tensor/element_offset.hpp"

namespace sextant::masked_select::cuda {

using namespace sextant::cuda;

namespace {

/** The element with a number in C order. */
template <class Element>
struct ElementAt {
  TensorView view;
  __host__ __device__ Element operator()(std::int64_t index) const {
    return static_cast<const Element*>(view.data)[element_offset(view, index)];
  }
};

struct IsKept {
  ElementAt<std::uint8_t> mask_at;
  __host__ __device__ bool operator()(std::int64_t index) const { return mask_at(index) != 0; }
};

}  // namespace

std::int64_t apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const std::int64_t count = element_count(request.mask);
  if (count == 0) return 0;
  const DeviceTensor input(request.input);
  const DeviceTensor mask(request.mask);
  const DeviceTensor output(request.output);
  const IsKept is_kept{{mask.view()}};
  const auto all = thrust::make_counting_iterator(std::int64_t{0});
  const std::int64_t total = thrust::count_if(all, all + count, is_kept);
  if (total != request.output.shape[0] || total == 0) return total;
  with_element_size(request.input.dtype, [&]<class Element>() {
    const auto elements = thrust::make_transform_iterator(all, ElementAt<Element>{input.view()});
    const thrust::device_ptr<Element> to(static_cast<Element*>(output.view().data));
    thrust::copy_if(elements, elements + count, all, to, is_kept);
  });
  output.download();
  return total;
}

}  // namespace sextant::masked_select::cuda

#endif  // SEXTANT_EMULATED
