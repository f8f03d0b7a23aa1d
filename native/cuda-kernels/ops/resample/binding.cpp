#include <algorithm>

#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/resample/resample.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    resample::Request request{};
    request.input = arguments.tensor("input", 3);
    request.output = arguments.tensor("output", 3);
    check(!spans_overlap(request.input, request.output), "output", "memory of the input",
          "memory of its own");
    const auto map = arguments.numbers("outputToInput", 12);
    std::copy(map.begin(), map.end(), request.map);
    request.interpolation = arguments.flag("nearest") ? resample::Interpolation::nearest
                                                      : resample::Interpolation::linear;
    request.slope = arguments.number("slope");
    request.intercept = arguments.number("intercept");
    request.fill = arguments.number("fill");
    return enqueue(arguments, [request](const Run& run) { resample::apply(request, run); });
  });
}

}  // namespace

void register_resample(Napi::Env env, Napi::Object exports) {
  exports.Set("resample", Napi::Function::New(env, start));
}

}  // namespace sextant
