#include "addon/storage_handle.hpp"

#include <cmath>

#include "addon/environment.hpp"
#include "addon/errors.hpp"
#include "addon/handle.hpp"
#include "ops/operation_error.hpp"

namespace sextant {

namespace {
// Less is given back, or kept for the next block, in no time.
constexpr std::size_t kLargeBytes = std::size_t{4} << 20;
// V8 collects its garbage for every 64 MiB that it is told of, which takes milliseconds; tensors are disposed of
// by who made them, and what is forgotten is found a little later.
constexpr std::size_t kToldPart = 8;
}  // namespace

StorageHandle::StorageHandle(napi_env env, std::shared_ptr<Process> process,
                             std::shared_ptr<Storage> storage_)
    : storage(std::move(storage_)), env_(env), process_(std::move(process)) {
  std::int64_t now = 0;
  napi_adjust_external_memory(env_, static_cast<std::int64_t>(storage->bytes() / kToldPart), &now);
}

StorageHandle::~StorageHandle() { release(); }

void StorageHandle::release() {
  if (storage == nullptr) return;
  std::int64_t now = 0;
  napi_adjust_external_memory(env_, -static_cast<std::int64_t>(storage->bytes() / kToldPart), &now);
  if (storage->bytes() >= kLargeBytes) process_->freeing.submit([gone = std::move(storage)] {});
  storage.reset();
}

namespace {

Napi::Value create_storage(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    const double bytes = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : -1;
    if (!(bytes >= 0) || bytes > 9007199254740991.0 || std::floor(bytes) != bytes) {
      throw OperationError("ARGUMENT_INVALID", "bytes", std::to_string(bytes), "a size in bytes");
    }
    auto storage = Storage::zeroed(static_cast<std::size_t>(bytes));
    return make_handle(info.Env(),
                       std::make_shared<StorageHandle>(
                           info.Env(), Environment::of(info.Env()).process, std::move(storage)));
  });
}

Napi::Value release_storage(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    from_handle<StorageHandle>(info[0], "storage")->release();
    return info.Env().Undefined();
  });
}

Napi::Value storage_buffer(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    const auto& storage = from_handle<StorageHandle>(info[0], "storage")->storage;
    if (storage == nullptr) {
      throw OperationError("TENSOR_DISPOSED", "tensor", "a disposed tensor", "a live tensor");
    }
    // The buffer holds a reference of its own, so it outlives the handle.
    auto* hold = new std::shared_ptr<Storage>(storage);
    return Napi::ArrayBuffer::New(
        info.Env(), storage->data(), storage->bytes(),
        [](Napi::Env, void*, std::shared_ptr<Storage>* held) { delete held; }, hold);
  });
}

}  // namespace

void register_storage(Napi::Env env, Napi::Object exports) {
  exports.Set("createStorage", Napi::Function::New(env, create_storage));
  exports.Set("releaseStorage", Napi::Function::New(env, release_storage));
  exports.Set("tensorBytes", Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
                return Napi::Number::New(info.Env(), static_cast<double>(Storage::live_bytes()));
              }));
  exports.Set("storageBuffer", Napi::Function::New(env, storage_buffer));
}

}  // namespace sextant
