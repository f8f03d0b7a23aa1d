#include <algorithm>

#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/resample_threshold/resample_threshold.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

/** Three lows, then three highs. */
Napi::Value numbers_of(Napi::Env env, const resample_threshold::Bounds& bounds) {
  Napi::Array numbers = Napi::Array::New(env, 6);
  for (std::uint32_t axis = 0; axis < 3; ++axis) {
    numbers.Set(axis, Napi::Number::New(env, static_cast<double>(bounds.low[axis])));
    numbers.Set(axis + 3, Napi::Number::New(env, static_cast<double>(bounds.high[axis])));
  }
  return numbers;
}

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    resample_threshold::Request request{};
    request.input = arguments.tensor("input", 3);
    request.output = arguments.tensor("output", 3);
    check(request.output.dtype == Dtype::uint8, "output", "another dtype", "uint8");
    check(!spans_overlap(request.input, request.output), "output", "memory of the input",
          "memory of its own");
    const auto map = arguments.numbers("outputToInput", 12);
    std::copy(map.begin(), map.end(), request.map);
    request.at_least = arguments.number("atLeast");
    return enqueue(arguments, [request](const Run& run) -> Answer {
      const auto bounds = resample_threshold::apply(request, run);
      return [bounds](Napi::Env env) { return numbers_of(env, bounds); };
    });
  });
}

}  // namespace

void register_resample_threshold(Napi::Env env, Napi::Object exports) {
  exports.Set("resampleThreshold", Napi::Function::New(env, start));
}

}  // namespace sextant
