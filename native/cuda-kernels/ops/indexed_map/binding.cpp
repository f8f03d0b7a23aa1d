#include <algorithm>
#include <cmath>

#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/indexed_map/indexed_map.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

std::uint32_t word(double number, const char* name) {
  const bool fits = number >= 0 && number <= 4294967295.0 && number == std::floor(number);
  check(fits, name, "another number", "words of 32 bits");
  return static_cast<std::uint32_t>(number);
}

void check_tensors(const indexed_map::Request& request) {
  const TensorView& in = request.input;
  const TensorView& out = request.output;
  check(out.dtype == Dtype::float32, "output", "another dtype", "float32");
  check(same_shape(in, out), "output", "another shape", "the input's shape");
  check(out.rank >= 3, "output", "fewer axes", "3 axes or more");
  check(element_count(out) < (std::int64_t{1} << 33), "output", "more elements", "less than 2^33");
  check(!spans_overlap(in, out) || same_elements(in, out), "output",
        "overlapping memory of the input", "the input itself, or apart from it");
}

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    indexed_map::Request request{};
    request.input = arguments.tensor("input");
    request.output = arguments.tensor("output");
    const std::int64_t kind = arguments.integer("kind");
    check(kind == 0 || kind == 1, "kind", "an unknown map", "a known map");
    request.map = static_cast<indexed_map::Map>(kind);
    request.scale = arguments.number("scale");
    check(std::isfinite(request.scale), "scale", "no number", "a number");
    const std::vector<double> key = arguments.numbers("key", 2);
    request.key = {word(key[0], "key"), word(key[1], "key")};
    const std::vector<double> counter = arguments.numbers("counter", 3);
    for (int n = 0; n < 3; ++n) request.counter.word[n + 1] = word(counter[n], "counter");
    const std::vector<double> terms = arguments.numbers("terms", indexed_map::kTerms);
    for (const double x : terms) check(std::isfinite(x), "terms", "no number", "numbers");
    std::copy(terms.begin(), terms.end(), request.terms);
    check_tensors(request);
    return enqueue(arguments, [request](const Run& run) { indexed_map::apply(request, run); });
  });
}

}  // namespace

void register_indexed_map(Napi::Env env, Napi::Object exports) {
  exports.Set("indexedMap", Napi::Function::New(env, start));
}

}  // namespace sextant
