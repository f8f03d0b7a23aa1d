#include "addon/errors.hpp"

#include <new>

#include "ops/cancellation.hpp"
#include "ops/operation_error.hpp"

namespace sextant {

namespace {
Napi::Error described(Napi::Env env, const OperationError& error) {
  Napi::Error js = Napi::Error::New(env, error.what());
  js.Set("reason", error.reason);
  js.Set("subject", error.subject);
  js.Set("got", error.got);
  js.Set("expected", error.expected);
  return js;
}
}  // namespace

Napi::Error to_js_error(Napi::Env env, std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const OperationError& error) {
    return described(env, error);
  } catch (const Cancelled&) {
    return described(env, {"CANCELLED", "operation", "a cancellation", "to run to its end"});
  } catch (const std::bad_alloc&) {
    return described(env, {"LIMIT_EXCEEDED", "memory", "an allocation that failed", "enough memory"});
  } catch (const std::exception& error) {
    return described(env, {"INTERNAL", "operation", error.what(), "no exception"});
  } catch (...) {
    return described(env, {"INTERNAL", "operation", "an unknown exception", "no exception"});
  }
}

}  // namespace sextant
