#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/operation_error.hpp"
#include "ops/pointwise/pointwise.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

void refuse(const char* subject, const char* got, const char* expected) {
  throw OperationError("ARGUMENT_INVALID", subject, got, expected);
}

pointwise::Map map_of(std::int64_t kind) {
  if (kind < 0 || kind > static_cast<int>(pointwise::Map::finite)) {
    refuse("kind", "an unknown map", "a known map");
  }
  return static_cast<pointwise::Map>(kind);
}

void check(const pointwise::Request& request) {
  const TensorView& in = request.input;
  const TensorView& out = request.output;
  const Dtype dtype = request.map == pointwise::Map::threshold ? Dtype::uint8 : Dtype::float32;
  if (out.dtype != dtype) refuse("output", "another dtype", "uint8 for threshold, else float32");
  if (!same_shape(in, out)) refuse("output", "another shape", "the input's shape");
  if (spans_overlap(in, out) && !same_elements(in, out)) {
    refuse("output", "overlapping memory of the input", "the input itself, or apart from it");
  }
}

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    pointwise::Request request{};
    request.input = arguments.tensor("input");
    request.output = arguments.tensor("output");
    request.map = map_of(arguments.integer("kind"));
    request.a = arguments.number("a");
    request.b = arguments.number("b");
    request.low = arguments.number("low");
    request.high = arguments.number("high");
    request.keep_zeros = arguments.flag("keepZeros");
    check(request);
    return enqueue(arguments, [request](const Run& run) { pointwise::apply(request, run); });
  });
}

}  // namespace

void register_pointwise(Napi::Env env, Napi::Object exports) {
  exports.Set("pointwise", Napi::Function::New(env, start));
}

}  // namespace sextant
