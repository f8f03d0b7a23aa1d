#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "addon/errors.hpp"
#include "addon/handle.hpp"
#include "addon/job.hpp"
#include "deflate/isal.hpp"

namespace sextant {

namespace {

constexpr std::size_t kLargestBlock = 16u << 20;
/** What one job gives: a thread is not held up for longer than a millisecond or two. */
constexpr std::size_t kInflatedBytes = 1u << 20;

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    const Napi::Value given = arguments.object().Get("input");
    check(given.IsTypedArray(), "input", "no bytes", "a Uint8Array");
    const auto bytes = given.As<Napi::Uint8Array>();
    check(bytes.ByteLength() <= kLargestBlock, "input", "a larger block", "at most 16 MiB");
    const std::int64_t level = arguments.integer("level");
    check(level >= 1 && level <= 3, "level", "another", "1 to 3");
    // A copy: who gives the bytes uses their memory again.
    auto input = std::make_shared<std::vector<std::uint8_t>>(bytes.Data(),
                                                             bytes.Data() + bytes.ByteLength());
    return enqueue(arguments, [input, level](const Run&) -> Answer {
      auto block = std::make_shared<deflate::Block>(deflate::compress(*input, static_cast<int>(level)));
      return [block](Napi::Env env) -> Napi::Value {
        auto result = Napi::Object::New(env);
        result.Set("bytes", Napi::Buffer<std::uint8_t>::Copy(env, block->bytes.data(), block->bytes.size()));
        result.Set("crc", Napi::Number::New(env, block->crc));
        return result;
      };
    });
  });
}

struct InflaterHandle {
  static constexpr napi_type_tag kTag{0x51f0a9d27c3e4b86ULL, 0x9d0e6b1f42c8a375ULL};
  deflate::Inflater inflater;
  // One call at a time uses it.
  std::mutex mutex;
};

Napi::Value create_inflater(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    return make_handle(info.Env(), std::make_shared<InflaterHandle>());
  });
}

Napi::Value inflate(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    const auto handle = from_handle<InflaterHandle>(arguments.object().Get("inflater"), "inflater");
    std::shared_ptr<std::vector<std::uint8_t>> input;
    if (arguments.has("input")) {
      const Napi::Value given = arguments.object().Get("input");
      check(given.IsTypedArray(), "input", "no bytes", "a Uint8Array");
      const auto bytes = given.As<Napi::Uint8Array>();
      check(bytes.ByteLength() <= kLargestBlock, "input", "a larger piece", "at most 16 MiB");
      input = std::make_shared<std::vector<std::uint8_t>>(bytes.Data(), bytes.Data() + bytes.ByteLength());
    }
    return enqueue(arguments, [handle, input](const Run&) -> Answer {
      const std::lock_guard lock(handle->mutex);
      if (input != nullptr) handle->inflater.feed(std::move(*input));
      auto bytes = std::make_shared<std::vector<std::uint8_t>>(handle->inflater.read(kInflatedBytes));
      const bool has_more = handle->inflater.has_more();
      const bool is_whole = handle->inflater.is_whole();
      const auto behind = static_cast<double>(handle->inflater.bytes_behind());
      return [bytes, has_more, is_whole, behind](Napi::Env env) -> Napi::Value {
        auto result = Napi::Object::New(env);
        result.Set("bytes", Napi::Buffer<std::uint8_t>::Copy(env, bytes->data(), bytes->size()));
        result.Set("hasMore", Napi::Boolean::New(env, has_more));
        result.Set("isWhole", Napi::Boolean::New(env, is_whole));
        result.Set("bytesBehind", Napi::Number::New(env, behind));
        return result;
      };
    });
  });
}

Napi::Value available(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), deflate::is_available());
}

}  // namespace

void register_deflate(Napi::Env env, Napi::Object exports) {
  exports.Set("deflateBlock", Napi::Function::New(env, start));
  exports.Set("createInflater", Napi::Function::New(env, create_inflater));
  exports.Set("inflate", Napi::Function::New(env, inflate));
  exports.Set("hasIsal", Napi::Function::New(env, available));
}

}  // namespace sextant
