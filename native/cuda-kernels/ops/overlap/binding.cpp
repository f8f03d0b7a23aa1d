#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/overlap/overlap.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

Napi::Value to_js(Napi::Env env, const overlap::LabelCounts& counts) {
  auto result = Napi::Float64Array::New(env, counts.size());
  for (std::size_t label = 0; label < counts.size(); ++label) {
    result[label] = static_cast<double>(counts[label]);
  }
  return result;
}

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    overlap::Request request{};
    request.prediction = arguments.tensor("prediction");
    request.reference = arguments.tensor("reference");
    check(request.prediction.dtype == Dtype::uint8 && request.prediction.rank >= 1, "prediction",
          "another tensor", "uint8 with axes");
    check(request.reference.dtype == Dtype::uint8 &&
              same_shape(request.prediction, request.reference),
          "reference", "another tensor", "uint8 of the prediction's shape");
    return enqueue(arguments, [request](const Run& run) -> Answer {
      return [counts = overlap::apply(request, run)](Napi::Env env) -> Napi::Value {
        auto result = Napi::Object::New(env);
        result.Set("prediction", to_js(env, counts.prediction));
        result.Set("reference", to_js(env, counts.reference));
        result.Set("shared", to_js(env, counts.shared));
        return result;
      };
    });
  });
}

}  // namespace

void register_overlap(Napi::Env env, Napi::Object exports) {
  exports.Set("overlap", Napi::Function::New(env, start));
}

}  // namespace sextant
