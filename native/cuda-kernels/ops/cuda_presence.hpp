#pragma once

#include <string>

namespace sextant {

struct CudaPresence {
  bool available;
  std::string reason;  // why not; empty when available
};

/**
 * Whether this build has CUDA kernels and this machine a device that can run them: new enough, and not full
 * when it was first looked at.
 */
CudaPresence cuda_presence();

}  // namespace sextant
