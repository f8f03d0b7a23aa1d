#include <cuda_runtime.h>

#include "ops/cuda_presence.hpp"

namespace sextant {

CudaPresence cuda_presence() {
  int devices = 0;
  const cudaError_t status = cudaGetDeviceCount(&devices);
  if (status != cudaSuccess) {
    // Without a driver this is error 35 (insufficient driver): it means "no GPU", not a failure.
    cudaGetLastError();
    return {false, std::string("no GPU: ") + cudaGetErrorString(status)};
  }
  return devices > 0 ? CudaPresence{true, ""} : CudaPresence{false, "no GPU"};
}

}  // namespace sextant
