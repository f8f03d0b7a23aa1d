#pragma once

// What a cuda.cu is written against. nvcc makes a kernel of it; the host's compiler
// (SEXTANT_EMULATED) makes loops of it, one block and one thread after the other, so that every
// machine runs the kernels' indexing and arithmetic. Kernels whose threads cooperate (__shared__,
// __syncthreads, CUB) cannot run so: keep those under #ifndef SEXTANT_EMULATED.

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "ops/host_device.hpp"
#include "ops/operation_error.hpp"
#include "tensor/tensor_view.hpp"

#ifdef SEXTANT_EMULATED
#define __global__
#define __device__
#define __host__

namespace sextant::emulated {
struct Dim3 {
  unsigned x = 1, y = 1, z = 1;
};
inline thread_local Dim3 gridDim, blockDim, blockIdx, threadIdx;
}  // namespace sextant::emulated
#else
#include <cuda_runtime.h>
#endif

namespace sextant {
namespace SEXTANT_VARIANT {

inline constexpr unsigned kBlockThreads = 256;

/** The item of a thread of launch(): kernels return at once where it is `count` or more. */
#ifdef SEXTANT_EMULATED
inline std::int64_t global_index() {
  return static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}
#else
__device__ inline std::int64_t global_index() {
  return static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}

inline void check(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  throw OperationError("INTERNAL", what, cudaGetErrorString(status), "success");
}
#endif

/** Runs `kernel(arguments...)` once for each of `count` items, in blocks of 256 threads. */
template <class... Parameters, class... Values>
void launch(std::int64_t count, void (*kernel)(Parameters...), const Values&... values) {
  if (count <= 0) return;
  const auto blocks = static_cast<unsigned>((count + kBlockThreads - 1) / kBlockThreads);
#ifdef SEXTANT_EMULATED
  gridDim = {blocks, 1, 1};
  blockDim = {kBlockThreads, 1, 1};
  for (blockIdx.x = 0; blockIdx.x < blocks; ++blockIdx.x) {
    for (threadIdx.x = 0; threadIdx.x < kBlockThreads; ++threadIdx.x) kernel(values...);
  }
#else
  kernel<<<blocks, kBlockThreads>>>(values...);
  check(cudaGetLastError(), "kernel launch");
#endif
}

/** Memory where kernels run, not set to anything (emulated: a block of exactly its size on the heap). */
class DeviceBlock {
 public:
  DeviceBlock() = default;
  explicit DeviceBlock(std::size_t bytes) {
    if (bytes == 0) return;
#ifdef SEXTANT_EMULATED
    block_.reset(new std::byte[bytes]);
#else
    void* block = nullptr;
    check(cudaMalloc(&block, bytes), "device memory");
    block_.reset(static_cast<std::byte*>(block));
#endif
  }

  std::byte* data() const { return block_.get(); }

 private:
  /** An owner of its own: where a copy fails in a constructor, there is no tensor to destroy. */
  struct FreeBlock {
    void operator()(std::byte* block) const {
#ifdef SEXTANT_EMULATED
      delete[] block;
#else
      cudaFree(block);
#endif
    }
  };

  std::unique_ptr<std::byte[], FreeBlock> block_;
};

/**
 * A host tensor's copy where kernels run (emulated: a block of exactly its size, so that a sanitizer
 * sees every step outside). Strides and gaps are kept. download() writes all of it back.
 */
class DeviceTensor {
 public:
  explicit DeviceTensor(const TensorView& host) : host_(host), view_(host) {
    if (element_count(host) == 0) return;
    std::int64_t low = 0, high = 0;
    for (int axis = 0; axis < host.rank; ++axis) {
      const std::int64_t reach = host.strides[axis] * (host.shape[axis] - 1);
      (reach < 0 ? low : high) += reach;
    }
    const std::int64_t item = size_of(host.dtype);
    bytes_ = static_cast<std::size_t>((high - low + 1) * item);
    first_ = static_cast<std::byte*>(host.data) + low * item;
    block_ = DeviceBlock(bytes_);
    upload();
    view_.data = block_.data() - low * item;
  }
  DeviceTensor(const DeviceTensor&) = delete;
  DeviceTensor& operator=(const DeviceTensor&) = delete;

  const TensorView& view() const { return view_; }

  void download() const {
    if (bytes_ == 0) return;
#ifdef SEXTANT_EMULATED
    std::memcpy(first_, block_.data(), bytes_);
#else
    check(cudaMemcpy(first_, block_.data(), bytes_, cudaMemcpyDeviceToHost),
          "copy from the device");
#endif
  }

 private:
  void upload() {
#ifdef SEXTANT_EMULATED
    std::memcpy(block_.data(), first_, bytes_);
#else
    check(cudaMemcpy(block_.data(), first_, bytes_, cudaMemcpyHostToDevice), "copy to the device");
#endif
  }

  TensorView host_;
  TensorView view_;
  std::byte* first_ = nullptr;
  DeviceBlock block_;
  std::size_t bytes_ = 0;
};

}  // namespace SEXTANT_VARIANT
}  // namespace sextant
