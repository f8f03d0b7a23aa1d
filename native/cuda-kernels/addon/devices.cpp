#include "addon/devices.hpp"

#include "addon/arguments.hpp"
#include "addon/environment.hpp"
#include "addon/errors.hpp"
#include "ops/cuda_presence.hpp"
#include "ops/operation_error.hpp"

namespace sextant {

namespace {

Napi::Value devices(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto cpu = Napi::Object::New(env);
  cpu.Set("variant", name_of(best_cpu_target()));
  cpu.Set("threads", Environment::of(env).process->budget.cores());
  const CudaPresence presence = cuda_presence();
  auto cuda = Napi::Object::New(env);
  cuda.Set("available", presence.available);
  if (!presence.available) cuda.Set("reason", presence.reason);
  auto result = Napi::Object::New(env);
  result.Set("cpu", cpu);
  result.Set("cuda", cuda);
  return result;
}

Napi::Value targets(const Napi::CallbackInfo& info) {
  auto names = Napi::Array::New(info.Env());
  for (const Target target : available_targets()) names.Set(names.Length(), name_of(target));
  return names;
}

Napi::Value force_target(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    const Arguments arguments(info);
    auto& environment = Environment::of(info.Env());
    environment.forced_target.reset();
    environment.forced_threads.reset();
    if (arguments.has("target")) environment.forced_target = target_named(arguments.text("target"));
    if (arguments.has("threads")) {
      const auto threads = arguments.integer("threads");
      if (threads < 1 || threads > 1024) {
        throw OperationError("ARGUMENT_INVALID", "threads", std::to_string(threads), "1 to 1024");
      }
      environment.forced_threads = static_cast<int>(threads);
    }
    return info.Env().Undefined();
  });
}

}  // namespace

void register_devices(Napi::Env env, Napi::Object exports) {
  exports.Set("devices", Napi::Function::New(env, devices));
  exports.Set("targets", Napi::Function::New(env, targets));
  exports.Set("forceTarget", Napi::Function::New(env, force_target));
}

}  // namespace sextant
