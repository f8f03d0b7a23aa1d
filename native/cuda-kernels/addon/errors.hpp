#pragma once

#include <napi.h>

#include <exception>

#include "ops/operation_error.hpp"

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

/** A fact that TypeScript has checked already, and with better words. */
inline void check(bool ok, const char* subject, const char* got, const char* expected) {
  if (!ok) throw OperationError("ARGUMENT_INVALID", subject, got, expected);
}

}  // namespace sextant
