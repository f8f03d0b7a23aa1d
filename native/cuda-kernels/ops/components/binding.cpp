#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/components/components.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

/** The mask, label and connectivity that the operations have in common. `most` is how many voxels it may have. */
components::Request read_request(Arguments& arguments, std::int64_t most) {
  components::Request request{};
  request.mask = arguments.tensor("mask", 3);
  check(request.mask.dtype == Dtype::uint8, "mask", "another dtype", "uint8");
  check(element_count(request.mask) < most, "mask", "more voxels", "voxels that can be numbered");
  for (int axis = 0; axis < 3; ++axis) {
    const bool stacked = request.mask.strides[axis] == 0 && request.mask.shape[axis] > 1;
    check(!stacked, "mask", "a stride of 0", "voxels each with memory of its own");
  }
  const std::int64_t label =
      arguments.has("label") ? arguments.integer("label") : components::kAnyLabel;
  check(label != 0 && label >= components::kAnyLabel && label <= 255, "label", "another number",
        "1 to 255");
  const std::int64_t connectivity = arguments.integer("connectivity");
  check(connectivity == 6 || connectivity == 18 || connectivity == 26, "connectivity",
        "another number", "6, 18 or 26");
  request.label = static_cast<int>(label);
  request.connectivity = static_cast<int>(connectivity);
  return request;
}

// Runs are numbered in 32 bits, and there are at most as many as voxels; labels are int32.
constexpr std::int64_t kMostVoxels = std::int64_t{1} << 32;
constexpr std::int64_t kMostLabelled = std::int64_t{1} << 31;

Answer count_of(std::int64_t voxels) {
  return [voxels](Napi::Env env) -> Napi::Value {
    return Napi::Number::New(env, static_cast<double>(voxels));
  };
}

Napi::Value start_largest(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    const auto request = read_request(arguments, kMostVoxels);
    return enqueue(arguments, [request](const Run& run) -> Answer {
      return count_of(components::keep_largest(request, run));
    });
  });
}

Napi::Value start_holes(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    const auto request = read_request(arguments, kMostVoxels);
    return enqueue(arguments, [request](const Run& run) -> Answer {
      return count_of(components::fill_holes(request, run));
    });
  });
}

Napi::Value start_labels(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    const auto request = read_request(arguments, kMostLabelled);
    const TensorView labels = arguments.tensor("labels", 3);
    check(labels.dtype == Dtype::int32 && same_shape(labels, request.mask), "labels",
          "another tensor", "int32 of the mask's shape");
    check(!spans_overlap(labels, request.mask), "labels", "memory of the mask",
          "memory of its own");
    return enqueue(arguments, [request, labels](const Run& run) -> Answer {
      return [sizes = components::label(request, labels, run)](Napi::Env env) -> Napi::Value {
        auto result = Napi::Float64Array::New(env, sizes.size());
        for (std::size_t n = 0; n < sizes.size(); ++n) result[n] = static_cast<double>(sizes[n]);
        return result;
      };
    });
  });
}

}  // namespace

void register_components(Napi::Env env, Napi::Object exports) {
  exports.Set("largestComponent", Napi::Function::New(env, start_largest));
  exports.Set("labelComponents", Napi::Function::New(env, start_labels));
  exports.Set("fillHoles", Napi::Function::New(env, start_holes));
}

}  // namespace sextant
