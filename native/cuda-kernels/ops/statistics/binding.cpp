#include <cmath>
#include <limits>

#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/statistics/statistics.hpp"

namespace sextant {

namespace {

Napi::Value to_js(Napi::Env env, const statistics::Moments& m) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const bool any = m.count > 0;
  auto result = Napi::Object::New(env);
  result.Set("count", m.count);
  result.Set("mean", any ? m.mean : nan);
  result.Set("std", any ? std::sqrt(m.m2 / m.count) : nan);
  result.Set("min", any ? m.min : nan);
  result.Set("max", any ? m.max : nan);
  result.Set("nanCount", static_cast<double>(m.nan_count));
  result.Set("infCount", static_cast<double>(m.inf_count));
  return result;
}

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    statistics::Request request{};
    request.input = arguments.tensor("input");
    request.skip_zeros = arguments.flag("skipZeros");
    return enqueue(arguments, [request](const Run& run) -> Answer {
      const statistics::Moments moments = statistics::apply(request, run);
      return [moments](Napi::Env env) { return to_js(env, moments); };
    });
  });
}

}  // namespace

void register_statistics(Napi::Env env, Napi::Object exports) {
  exports.Set("statistics", Napi::Function::New(env, start));
}

}  // namespace sextant
