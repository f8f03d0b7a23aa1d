#include <algorithm>

#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/warp/warp.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    warp::Request request{};
    resample::Request& sampling = request.sampling;
    sampling.input = arguments.tensor("input", 3);
    sampling.output = arguments.tensor("output", 3);
    request.displacement = arguments.tensor("displacement", 4);
    check(request.displacement.dtype == Dtype::float32 && request.displacement.shape[0] == 3 &&
              element_count(request.displacement) > 0,
          "displacement", "another tensor", "float32 [3, a, b, c]");
    check(!spans_overlap(sampling.input, sampling.output), "output", "memory of the input",
          "memory of its own");
    check(!spans_overlap(request.displacement, sampling.output), "output",
          "memory of the displacement", "memory of its own");
    const auto map = arguments.numbers("outputToInput", 12);
    std::copy(map.begin(), map.end(), sampling.map);
    sampling.interpolation = arguments.flag("nearest") ? resample::Interpolation::nearest
                                                       : resample::Interpolation::linear;
    sampling.slope = 1;
    sampling.intercept = 0;
    sampling.fill = arguments.number("fill");
    request.cubic = arguments.flag("cubic");
    request.border = arguments.border("border");
    return enqueue(arguments, [request](const Run& run) { warp::apply(request, run); });
  });
}

}  // namespace

void register_warp(Napi::Env env, Napi::Object exports) {
  exports.Set("warp", Napi::Function::New(env, start));
}

}  // namespace sextant
