#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/pointwise/pointwise.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

pointwise::Map map_of(std::int64_t kind) {
  const bool known = kind >= 0 && kind <= static_cast<int>(pointwise::Map::finite);
  check(known, "kind", "an unknown map", "a known map");
  return static_cast<pointwise::Map>(kind);
}

void check_tensors(const pointwise::Request& request) {
  const TensorView& in = request.input;
  const TensorView& out = request.output;
  const Dtype dtype = request.map == pointwise::Map::threshold ? Dtype::uint8 : Dtype::float32;
  check(out.dtype == dtype, "output", "another dtype", "uint8 for threshold, else float32");
  check(same_shape(in, out), "output", "another shape", "the input's shape");
  check(!spans_overlap(in, out) || same_elements(in, out), "output",
        "overlapping memory of the input", "the input itself, or apart from it");
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
    check_tensors(request);
    return enqueue(arguments, [request](const Run& run) { pointwise::apply(request, run); });
  });
}

}  // namespace

void register_pointwise(Napi::Env env, Napi::Object exports) {
  exports.Set("pointwise", Napi::Function::New(env, start));
}

}  // namespace sextant
