#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/masked_select/masked_select.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

masked_select::Request read(Arguments& arguments) {
  masked_select::Request request{};
  request.input = arguments.tensor("input");
  request.mask = arguments.tensor("mask");
  request.output = arguments.tensor("output", 1);
  check(request.mask.dtype == Dtype::uint8, "mask", "another dtype", "uint8");
  check(same_shape(request.input, request.mask), "mask", "another shape", "the input's");
  check(request.output.dtype == request.input.dtype, "output", "another dtype", "the input's");
  check(is_dense_c(request.output), "output", "a strided view", "a dense tensor");
  const bool apart = !spans_overlap(request.input, request.output) &&
                     !spans_overlap(request.mask, request.output);
  check(apart, "output", "memory of the input or the mask", "memory of its own");
  return request;
}

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    const masked_select::Request request = read(arguments);
    return enqueue(arguments, [request](const Run& run) -> Answer {
      const auto count = static_cast<double>(masked_select::apply(request, run));
      return [count](Napi::Env env) -> Napi::Value { return Napi::Number::New(env, count); };
    });
  });
}

}  // namespace

void register_masked_select(Napi::Env env, Napi::Object exports) {
  exports.Set("maskedSelect", Napi::Function::New(env, start));
}

}  // namespace sextant
