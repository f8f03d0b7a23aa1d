#pragma once

#include <napi.h>

#include <exception>

namespace sextant {

/** Any C++ exception as a JavaScript Error with the fields that lib/native-error.ts maps. */
Napi::Error to_js_error(Napi::Env env, std::exception_ptr failure);

/** Runs `body` and turns its C++ exceptions into JavaScript ones, so that none crosses the boundary. */
template <class F>
auto guarded(Napi::Env env, F&& body) {
  try {
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (...) {
    throw to_js_error(env, std::current_exception());
  }
}

}  // namespace sextant
