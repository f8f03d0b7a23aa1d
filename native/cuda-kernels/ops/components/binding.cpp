#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/components/components.hpp"

namespace sextant {

namespace {

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    components::Request request{};
    request.mask = arguments.tensor("mask", 3);
    check(request.mask.dtype == Dtype::uint8, "mask", "another dtype", "uint8");
    // Runs are numbered in 32 bits, and there are at most as many as voxels.
    check(element_count(request.mask) < std::int64_t{1} << 32, "mask", "more",
          "less than 2^32 voxels");
    for (int axis = 0; axis < 3; ++axis) {
      const bool stacked = request.mask.strides[axis] == 0 && request.mask.shape[axis] > 1;
      check(!stacked, "mask", "a stride of 0", "voxels each with memory of its own");
    }
    const std::int64_t label = arguments.has("label") ? arguments.integer("label")
                                                      : components::kAnyLabel;
    check(label != 0 && label >= components::kAnyLabel && label <= 255, "label", "another number",
          "1 to 255");
    const std::int64_t connectivity = arguments.integer("connectivity");
    check(connectivity == 6 || connectivity == 18 || connectivity == 26, "connectivity",
          "another number", "6, 18 or 26");
    request.label = static_cast<int>(label);
    request.connectivity = static_cast<int>(connectivity);
    return enqueue(arguments, [request](const Run& run) -> Answer {
      const std::int64_t voxels = components::apply(request, run);
      return [voxels](Napi::Env env) -> Napi::Value {
        return Napi::Number::New(env, static_cast<double>(voxels));
      };
    });
  });
}

}  // namespace

void register_components(Napi::Env env, Napi::Object exports) {
  exports.Set("largestComponent", Napi::Function::New(env, start));
}

}  // namespace sextant
