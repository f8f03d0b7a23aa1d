#include <cmath>

#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/extreme_points/extreme_points.hpp"

namespace sextant {

namespace {

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    extreme_points::Request request{};
    request.points = arguments.numbers("points");
    request.sigma = arguments.number("sigma");
    request.kernel =
        arguments.flag("monai") ? extreme_points::Kernel::monai : extreme_points::Kernel::max;
    request.output = arguments.tensor("output", 3);
    check(request.output.dtype == Dtype::float32, "output", "another dtype", "float32");
    check(!request.points.empty() && request.points.size() % 3 == 0, "points", "another count",
          "three numbers each");
    for (const double x : request.points) check(std::isfinite(x), "points", "no number", "numbers");
    check(request.sigma > 0 && std::isfinite(request.sigma), "sigma", "another number",
          "a number above 0");
    return enqueue(arguments, [request](const Run& run) { extreme_points::apply(request, run); });
  });
}

}  // namespace

void register_extreme_points(Napi::Env env, Napi::Object exports) {
  exports.Set("extremePoints", Napi::Function::New(env, start));
}

}  // namespace sextant
