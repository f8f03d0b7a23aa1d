#include <algorithm>
#include <memory>
#include <vector>

#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/run_lengths/run_lengths.hpp"

namespace sextant {

namespace {

run_lengths::Request read(Arguments& arguments) {
  run_lengths::Request request{};
  request.mask = arguments.tensor("mask", 3);
  check(request.mask.dtype == Dtype::uint8, "mask", "another dtype", "uint8");
  const auto low = arguments.numbers("boxLow", 3);
  const auto shape = arguments.numbers("shape", 3);
  double voxels = 1;
  for (int axis = 0; axis < 3; ++axis) {
    const double extent = static_cast<double>(request.mask.shape[axis]);
    const bool inside = shape[axis] >= 0 && shape[axis] <= 9007199254740991.0 && low[axis] >= 0 &&
                        low[axis] + extent <= shape[axis];
    voxels *= shape[axis];
    check(inside && voxels <= 9007199254740991.0, "boxLow", "a box that leaves the grid",
          "a box inside a grid of at most 2^53 voxels");
    request.box_low[axis] = static_cast<std::int64_t>(low[axis]);
    request.shape[axis] = static_cast<std::int64_t>(shape[axis]);
  }
  return request;
}

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    const run_lengths::Request request = read(arguments);
    return enqueue(arguments, [request](const Run& run) -> Answer {
      auto pairs = std::make_shared<std::vector<std::uint32_t>>(run_lengths::apply(request, run));
      return [pairs](Napi::Env env) -> Napi::Value {
        auto array = Napi::Uint32Array::New(env, pairs->size());
        std::copy(pairs->begin(), pairs->end(), array.Data());
        return array;
      };
    });
  });
}

}  // namespace

void register_run_lengths(Napi::Env env, Napi::Object exports) {
  exports.Set("runLengths", Napi::Function::New(env, start));
}

}  // namespace sextant
