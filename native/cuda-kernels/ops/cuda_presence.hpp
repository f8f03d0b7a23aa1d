#pragma once

#include <string>

namespace sextant {

struct CudaPresence {
  bool available;
  std::string reason;  // why not; empty when available
};

/** Whether this build has CUDA kernels and this machine a device that can run them. */
CudaPresence cuda_presence();

}  // namespace sextant
