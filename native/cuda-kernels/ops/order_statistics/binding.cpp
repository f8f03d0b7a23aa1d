#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/order_statistics/order_statistics.hpp"

namespace sextant {

namespace {

Napi::Value to_js(Napi::Env env, const std::vector<double>& numbers) {
  auto array = Napi::Array::New(env, numbers.size());
  for (std::uint32_t i = 0; i < numbers.size(); ++i) array.Set(i, numbers[i]);
  return array;
}

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    order_statistics::Request request{};
    request.input = arguments.tensor("input");
    request.percents = arguments.numbers("percents");
    check(request.input.dtype == Dtype::float32, "input", "another dtype", "float32");
    check(element_count(request.input) > 0, "input", "no elements", "one or more");
    check(request.percents.size() <= 256, "percents", "too many", "at most 256");
    for (const double percent : request.percents) {
      check(percent >= 0 && percent <= 100, "percents", "one outside", "numbers in [0, 100]");
    }
    return enqueue(arguments, [request](const Run& run) -> Answer {
      const std::vector<double> results = order_statistics::apply(request, run);
      return [results](Napi::Env env) { return to_js(env, results); };
    });
  });
}

}  // namespace

void register_order_statistics(Napi::Env env, Napi::Object exports) {
  exports.Set("percentiles", Napi::Function::New(env, start));
}

}  // namespace sextant
