#include <utility>

#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "samples/read.hpp"
#include "samples/reserve.hpp"

namespace sextant {

namespace {

std::vector<samples::Stretch> stretches_of(const Arguments& arguments) {
  const Napi::Value given = arguments.object().Get("stretches");
  check(given.IsArray(), "stretches", "no array", "an array");
  const auto list = given.As<Napi::Array>();
  std::vector<samples::Stretch> stretches(list.Length());
  for (std::uint32_t n = 0; n < list.Length(); ++n) {
    const Napi::Value one = list[n];
    check(one.IsObject(), "stretches", "no object", "path, name and offset");
    const auto members = one.As<Napi::Object>();
    const Napi::Value path = members.Get("path");
    const Napi::Value name = members.Get("name");
    const Napi::Value offset = members.Get("offset");
    check(path.IsString() && name.IsString() && offset.IsNumber(), "stretches", "others",
          "path, name and offset");
    const double at = offset.As<Napi::Number>().DoubleValue();
    check(at >= 0 && at <= 9007199254740991.0, "offset", "another", "a byte of a file");
    stretches[n] = {path.As<Napi::String>().Utf8Value(), name.As<Napi::String>().Utf8Value(),
                    static_cast<std::uint64_t>(at)};
  }
  return stretches;
}

samples::StoredSample sample_of(const Arguments& arguments) {
  const std::int64_t bytes = arguments.integer("sampleBytes");
  check(bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8, "sampleBytes", "another", "1, 2, 4 or 8");
  const std::int64_t stored = arguments.integer("bitsStored");
  const std::int64_t high = arguments.integer("highBit");
  check(stored >= 1 && high < 8 * bytes && high >= stored - 1, "bitsStored", "others", "bits of the sample");
  return {static_cast<int>(bytes), arguments.flag("isSigned"), static_cast<int>(stored),
          static_cast<int>(high), arguments.flag("isBigEndian")};
}

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    const TensorView output = arguments.tensor("output", 1);
    check(output.dtype == Dtype::uint8 && is_dense_c(output), "output", "another tensor", "dense bytes");
    const std::int64_t bytes_each = arguments.integer("bytesEach");
    const samples::StoredSample sample = sample_of(arguments);
    auto stretches = stretches_of(arguments);
    check(bytes_each > 0 && bytes_each % sample.bytes == 0, "bytesEach", "another", "whole samples");
    check(static_cast<std::int64_t>(stretches.size()) <= element_count(output) / bytes_each, "output",
          "fewer bytes", "room for all stretches");
    return enqueue(arguments, [stretches = std::move(stretches), bytes_each, sample,
                               into = static_cast<std::byte*>(output.data)](const Run& run) {
      samples::read(stretches, static_cast<std::size_t>(bytes_each), sample, into, run.cancellation);
    });
  });
}

Napi::Value reserve(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    const std::int64_t descriptor = arguments.integer("descriptor");
    const std::int64_t bytes = arguments.integer("bytes");
    check(descriptor >= 0 && descriptor <= 2147483647, "descriptor", "another", "an open file's");
    check(bytes > 0, "bytes", "another", "a size");
    return enqueue(arguments, [descriptor, bytes](const Run&) -> Answer {
      const int error = samples::reserve(static_cast<int>(descriptor), bytes);
      return [error](Napi::Env env) -> Napi::Value { return Napi::Number::New(env, error); };
    });
  });
}

}  // namespace

void register_samples(Napi::Env env, Napi::Object exports) {
  exports.Set("reserveFile", Napi::Function::New(env, reserve));
  exports.Set("readSamples", Napi::Function::New(env, start));
}

}  // namespace sextant
