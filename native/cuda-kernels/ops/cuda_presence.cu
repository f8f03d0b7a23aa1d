#include <cuda_runtime.h>

#include "ops/cuda_presence.hpp"

namespace sextant {

namespace {

/** What is compiled for (CMakeLists.txt: 80-real;90). */
constexpr int kLowestMajor = 8;

/** With less than this free no network fits: whoever shares the device has it all. */
constexpr std::size_t kLeastFreeBytes = std::size_t{512} << 20;

std::string mebibytes(std::size_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

CudaPresence look() {
  int devices = 0;
  const cudaError_t status = cudaGetDeviceCount(&devices);
  if (status != cudaSuccess) {
    // Without a driver this is error 35 (insufficient driver): it means "no GPU", not a failure.
    cudaGetLastError();
    return {false, std::string("no GPU: ") + cudaGetErrorString(status)};
  }
  if (devices == 0) return {false, "no GPU"};
  cudaDeviceProp properties{};
  if (cudaGetDeviceProperties(&properties, 0) != cudaSuccess) {
    return {false, std::string("a GPU that does not answer: ") + cudaGetErrorString(cudaGetLastError())};
  }
  const std::string name = properties.name;
  if (properties.major < kLowestMajor) {
    return {false, name + " of compute capability " + std::to_string(properties.major) + "." +
                       std::to_string(properties.minor) + ", older than 8.0"};
  }
  std::size_t free = 0;
  std::size_t total = 0;
  if (cudaMemGetInfo(&free, &total) != cudaSuccess) {
    return {false, name + " that is full: " + cudaGetErrorString(cudaGetLastError())};
  }
  if (free < kLeastFreeBytes) {
    return {false, name + " that is full: " + mebibytes(free) + " of " + mebibytes(total) + " are free"};
  }
  return {true, ""};
}

}  // namespace

CudaPresence cuda_presence() {
  // Once: to look at a device's memory takes a context, and some tenths of a second.
  static const CudaPresence presence = look();
  return presence;
}

}  // namespace sextant
