// Runs on a GPU only: finding where runs begin is a scan, whose threads cooperate. On a machine without
// one, this file is compiled by nvcc and no test runs it.
#ifndef SEXTANT_EMULATED

#include <thrust/copy.h>
#include <thrust/device_vector.h>
#include <thrust/host_vector.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/transform.h>

#include "ops/launch.hpp"
#include "ops/run_lengths/run_lengths.hpp"

namespace sextant::run_lengths::cuda {

using namespace sextant::cuda;

namespace {

/** The box's voxels by their number in file order. */
struct ValueAt {
  TensorView box;
  __host__ __device__ std::uint8_t operator()(std::int64_t n) const {
    const std::int64_t i = n % box.shape[0], j = n / box.shape[0] % box.shape[1];
    const std::int64_t k = n / box.shape[0] / box.shape[1];
    return static_cast<const std::uint8_t*>(
        box.data)[i * box.strides[0] + j * box.strides[1] + k * box.strides[2]];
  }
};

/** A run begins with each row and wherever the value changes. */
struct BeginsRun {
  ValueAt value_at;
  __host__ __device__ bool operator()(std::int64_t n) const {
    return n % value_at.box.shape[0] == 0 || value_at(n) != value_at(n - 1);
  }
};

}  // namespace

std::vector<std::uint32_t> apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  RunWriter writer;
  const std::int64_t count = element_count(request.mask);
  if (count == 0) {
    writer.append(0, request.shape[0] * request.shape[1] * request.shape[2]);
    return writer.finish();
  }
  const DeviceTensor mask(request.mask);
  const ValueAt value_at{mask.view()};
  thrust::device_vector<std::int64_t> begins(static_cast<std::size_t>(count));
  const auto all = thrust::make_counting_iterator(std::int64_t{0});
  begins.erase(thrust::copy_if(all, all + count, begins.begin(), BeginsRun{value_at}),
               begins.end());
  thrust::device_vector<std::uint8_t> values(begins.size());
  thrust::transform(begins.begin(), begins.end(), values.begin(), value_at);
  const thrust::host_vector<std::int64_t> begin = begins;
  const thrust::host_vector<std::uint8_t> value = values;

  const Gaps gaps(request);
  const std::int64_t* box = request.mask.shape;
  for (std::size_t r = 0; r < begin.size(); ++r) {
    const std::int64_t row = begin[r] / box[0];
    if (begin[r] % box[0] == 0) writer.append(0, gaps.before_row(row % box[1], row / box[1]));
    writer.append(value[r], (r + 1 < begin.size() ? begin[r + 1] : count) - begin[r]);
  }
  writer.append(0, gaps.after);
  return writer.finish();
}

}  // namespace sextant::run_lengths::cuda

#endif  // SEXTANT_EMULATED
