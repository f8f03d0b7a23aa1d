#pragma once

#include <napi.h>

namespace sextant {

/** openEngine(request), loadNetwork(request), runNetwork(request), disposeNetwork(handle) */
void register_engine(Napi::Env env, Napi::Object exports);

}  // namespace sextant
