#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/pointwise/pointwise.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

pointwise::Map map_of(std::int64_t kind) {
  const bool known = kind >= 0 && kind <= static_cast<int>(pointwise::Map::lookup);
  check(known, "kind", "an unknown map", "a known map");
  return static_cast<pointwise::Map>(kind);
}

void check_tensors(const pointwise::Request& request) {
  const TensorView& in = request.input;
  const TensorView& out = request.output;
  const bool labels =
      request.map == pointwise::Map::threshold || request.map == pointwise::Map::lookup;
  const Dtype dtype = labels ? Dtype::uint8 : Dtype::float32;
  check(out.dtype == dtype, "output", "another dtype",
        "uint8 for threshold and lookup, else float32");
  check(same_shape(in, out), "output", "another shape", "the input's shape");
  check(!spans_overlap(in, out) || same_elements(in, out), "output",
        "overlapping memory of the input", "the input itself, or apart from it");
}

void read_table(const Arguments& arguments, pointwise::Request& request) {
  const std::vector<double> table = arguments.numbers("table", 256);
  for (std::size_t n = 0; n < table.size(); ++n) {
    check(table[n] >= 0 && table[n] <= 255, "table", "another number", "numbers from 0 to 255");
    request.table[n] = static_cast<std::uint8_t>(table[n]);
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
    if (request.map == pointwise::Map::lookup) read_table(arguments, request);
    check_tensors(request);
    return enqueue(arguments, [request](const Run& run) { pointwise::apply(request, run); });
  });
}

}  // namespace

void register_pointwise(Napi::Env env, Napi::Object exports) {
  exports.Set("pointwise", Napi::Function::New(env, start));
}

}  // namespace sextant
