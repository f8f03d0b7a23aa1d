#include <cstdint>
#include <memory>
#include <vector>

#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "deflate/isal.hpp"

namespace sextant {

namespace {

constexpr std::size_t kLargestBlock = 16u << 20;

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

Napi::Value available(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), deflate::is_available());
}

}  // namespace

void register_deflate(Napi::Env env, Napi::Object exports) {
  exports.Set("deflateBlock", Napi::Function::New(env, start));
  exports.Set("hasIsal", Napi::Function::New(env, available));
}

}  // namespace sextant
