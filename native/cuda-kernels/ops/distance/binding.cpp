#include <algorithm>

#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/distance/distance.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    distance::Request request{};
    request.mask = arguments.tensor("mask", 3);
    request.output = arguments.tensor("output", 3);
    check(request.mask.dtype == Dtype::uint8, "mask", "another dtype", "uint8");
    check(request.output.dtype == Dtype::float32 && same_shape(request.mask, request.output),
          "output", "another tensor", "float32 of the mask's shape");
    check(!spans_overlap(request.mask, request.output), "output", "memory of the mask",
          "memory of its own");
    const auto spacing = arguments.numbers("spacing", 3);
    for (const double mm : spacing) check(mm > 0, "spacing", "another number", "above 0");
    std::copy(spacing.begin(), spacing.end(), request.spacing);
    return enqueue(arguments, [request](const Run& run) { distance::apply(request, run); });
  });
}

}  // namespace

void register_distance(Napi::Env env, Napi::Object exports) {
  exports.Set("distanceTransform", Napi::Function::New(env, start));
}

}  // namespace sextant
