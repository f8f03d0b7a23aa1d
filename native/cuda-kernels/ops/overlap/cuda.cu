// Its threads count into one table a block with atomics, so that it runs on a GPU only.
#ifndef SEXTANT_EMULATED
#include <vector>

#include "ops/launch.hpp"
#include "ops/overlap/overlap.hpp"
#include "tensor/element_offset.hpp"

namespace sextant::overlap::cuda {

using namespace sextant::cuda;

namespace {

constexpr int kTable = 3 * kLabels;
constexpr unsigned kBlocks = 512;

/** Every block counts its share of the voxels in shared memory, then adds its table to the whole. */
__global__ void count_kernel(TensorView prediction, TensorView reference, std::int64_t count,
                             unsigned long long* total) {
  __shared__ unsigned int table[kTable];
  for (int n = static_cast<int>(threadIdx.x); n < kTable; n += kBlockThreads) table[n] = 0;
  __syncthreads();
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t index = global_index(); index < count; index += stride) {
    const auto a = static_cast<const std::uint8_t*>(prediction.data)[element_offset(prediction, index)];
    const auto b = static_cast<const std::uint8_t*>(reference.data)[element_offset(reference, index)];
    atomicAdd(table + a, 1u);
    atomicAdd(table + kLabels + b, 1u);
    if (a == b) atomicAdd(table + 2 * kLabels + a, 1u);
  }
  __syncthreads();
  for (int n = static_cast<int>(threadIdx.x); n < kTable; n += kBlockThreads) {
    if (table[n] != 0) atomicAdd(total + n, static_cast<unsigned long long>(table[n]));
  }
}

}  // namespace

Counts apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  Counts counts;
  const std::int64_t count = element_count(request.prediction);
  if (count == 0) return counts;
  const DeviceTensor prediction(request.prediction);
  const DeviceTensor reference(request.reference);
  const DeviceBlock block(kTable * sizeof(unsigned long long));
  check(cudaMemset(block.data(), 0, kTable * sizeof(unsigned long long)), "device memory");
  auto* total = reinterpret_cast<unsigned long long*>(block.data());
  count_kernel<<<kBlocks, kBlockThreads>>>(prediction.view(), reference.view(), count, total);
  check(cudaGetLastError(), "kernel launch");
  std::vector<unsigned long long> table(kTable);
  check(cudaMemcpy(table.data(), total, kTable * sizeof(unsigned long long), cudaMemcpyDeviceToHost),
        "copy from the device");
  for (std::size_t label = 0; label < kLabels; ++label) {
    counts.prediction[label] = static_cast<std::int64_t>(table[label]);
    counts.reference[label] = static_cast<std::int64_t>(table[kLabels + label]);
    counts.shared[label] = static_cast<std::int64_t>(table[2 * kLabels + label]);
  }
  return counts;
}

}  // namespace sextant::overlap::cuda
#endif
