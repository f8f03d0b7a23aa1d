#include "ops/cuda_presence.hpp"

namespace sextant {

CudaPresence cuda_presence() { return {false, "built without nvcc"}; }

}  // namespace sextant
