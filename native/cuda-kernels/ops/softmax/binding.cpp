#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/softmax/softmax.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    softmax::Request request{};
    request.input = arguments.tensor("input", 4);
    request.output = arguments.tensor("output", 4);
    bool fits = request.input.dtype == Dtype::float32 && request.output.dtype == Dtype::float32 &&
                request.input.shape[0] >= 1;
    for (int axis = 0; axis < 4; ++axis) {
      fits = fits && request.input.shape[axis] == request.output.shape[axis];
    }
    check(fits, "output", "tensors that do not fit each other", "float32 [C, X, Y, Z], both");
    check(!spans_overlap(request.input, request.output), "output", "memory of the input",
          "memory of its own");
    return enqueue(arguments, [request](const Run& run) { softmax::apply(request, run); });
  });
}

}  // namespace

void register_softmax(Napi::Env env, Napi::Object exports) {
  exports.Set("softmax", Napi::Function::New(env, start));
}

}  // namespace sextant
