#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/move/move.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    move::Request request{};
    request.input = arguments.tensor("input");
    request.output = arguments.tensor("output");
    check(same_shape(request.input, request.output), "output", "another shape", "the input's shape");
    check(!spans_overlap(request.input, request.output), "output", "memory of the input",
          "memory of its own");
    return enqueue(arguments, [request](const Run& run) { move::apply(request, run); });
  });
}

}  // namespace

void register_move(Napi::Env env, Napi::Object exports) {
  exports.Set("move", Napi::Function::New(env, start));
}

}  // namespace sextant
