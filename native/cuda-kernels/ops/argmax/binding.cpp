#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/argmax/argmax.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    argmax::Request request{};
    request.input = arguments.tensor("input", 4);
    request.output = arguments.tensor("output", 3);
    bool fits = request.input.dtype == Dtype::float32 && request.output.dtype == Dtype::uint8 &&
                request.input.shape[0] >= 1 && request.input.shape[0] <= 256;
    for (int axis = 0; axis < 3; ++axis) {
      fits = fits && request.input.shape[axis + 1] == request.output.shape[axis];
    }
    check(fits, "output", "tensors that do not fit each other",
          "float32 [C, X, Y, Z] and uint8 [X, Y, Z]");
    check(!spans_overlap(request.input, request.output), "output", "memory of the input",
          "memory of its own");
    return enqueue(arguments, [request](const Run& run) { argmax::apply(request, run); });
  });
}

}  // namespace

void register_argmax(Napi::Env env, Napi::Object exports) {
  exports.Set("argmax", Napi::Function::New(env, start));
}

}  // namespace sextant
