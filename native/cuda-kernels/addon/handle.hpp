#pragma once

#include <napi.h>

#include <memory>

#include "ops/operation_error.hpp"

namespace sextant {

/**
 * A JavaScript object that owns one shared reference. The tag keeps a handle of another kind, or an
 * object of the caller's, from being read as a T. The reference can be given up early (reset), the
 * finaliser is the net.
 */
template <class T>
Napi::Object make_handle(Napi::Env env, std::shared_ptr<T> value) {
  Napi::Object object = Napi::Object::New(env);
  auto* holder = new std::shared_ptr<T>(std::move(value));
  const napi_status status = napi_wrap(
      env, object, holder,
      [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<T>*>(data); }, nullptr,
      nullptr);
  if (status != napi_ok) {
    delete holder;
    NAPI_THROW_IF_FAILED(env, status, object);
  }
  object.TypeTag(&T::kTag);
  return object;
}

/** The reference behind a handle, empty after reset. Throws OperationError for anything else. */
template <class T>
std::shared_ptr<T>& from_handle(const Napi::Value& value, const char* subject) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&T::kTag)) {
    throw OperationError("ARGUMENT_INVALID", subject, "another object", "a handle of this addon");
  }
  void* data = nullptr;
  napi_unwrap(value.Env(), value, &data);
  return *static_cast<std::shared_ptr<T>*>(data);
}

}  // namespace sextant
