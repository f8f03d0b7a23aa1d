#pragma once

#include <napi.h>

namespace sextant {

/** devices(), targets(), forceTarget({target?, threads?}) */
void register_devices(Napi::Env env, Napi::Object exports);

}  // namespace sextant
