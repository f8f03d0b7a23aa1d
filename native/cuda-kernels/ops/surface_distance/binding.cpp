#include <algorithm>

#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/components/components.hpp"
#include "ops/surface_distance/surface_distance.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

Napi::Object to_js(Napi::Env env, const surface_distance::Directed& directed) {
  auto result = Napi::Object::New(env);
  result.Set("voxels", static_cast<double>(directed.voxels));
  result.Set("mean", directed.mean);
  result.Set("percentile", directed.percentile);
  result.Set("max", directed.max);
  return result;
}

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    surface_distance::Request request{};
    request.prediction = arguments.tensor("prediction", 3);
    request.reference = arguments.tensor("reference", 3);
    check(request.prediction.dtype == Dtype::uint8, "prediction", "another dtype", "uint8");
    check(request.reference.dtype == Dtype::uint8 &&
              same_shape(request.prediction, request.reference),
          "reference", "another tensor", "uint8 of the prediction's shape");
    const std::int64_t label =
        arguments.has("label") ? arguments.integer("label") : components::kAnyLabel;
    check(label != 0 && label >= components::kAnyLabel && label <= 255, "label", "another number",
          "1 to 255");
    request.label = static_cast<int>(label);
    const auto spacing = arguments.numbers("spacing", 3);
    for (const double mm : spacing) check(mm > 0, "spacing", "another number", "above 0");
    std::copy(spacing.begin(), spacing.end(), request.spacing);
    request.percentile = arguments.number("percentile");
    check(request.percentile >= 0 && request.percentile <= 100, "percentile", "another number",
          "0 to 100");
    return enqueue(arguments, [request](const Run& run) -> Answer {
      return [found = surface_distance::apply(request, run)](Napi::Env env) -> Napi::Value {
        auto result = Napi::Object::New(env);
        result.Set("fromPrediction", to_js(env, found.from_prediction));
        result.Set("fromReference", to_js(env, found.from_reference));
        return result;
      };
    });
  });
}

}  // namespace

void register_surface_distance(Napi::Env env, Napi::Object exports) {
  exports.Set("surfaceDistances", Napi::Function::New(env, start));
}

}  // namespace sextant
