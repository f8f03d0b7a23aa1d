#include <napi.h>

#include "addon/devices.hpp"
#include "addon/environment.hpp"
#include "addon/job.hpp"
#include "addon/storage_handle.hpp"
// Made by CMake from the folders in ops/ and from engine/.
#include "registrations.hpp"

namespace sextant {

namespace {
Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  Environment::attach(env);
  register_storage(env, exports);
  register_cancellation(env, exports);
  register_devices(env, exports);
  register_operations(env, exports);
  return exports;
}
}  // namespace

NODE_API_MODULE(sextant_kernels, initialise)

}  // namespace sextant
