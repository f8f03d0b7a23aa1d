#include "addon/errors.hpp"
#include "addon/job.hpp"
#include "ops/gaussian/gaussian.hpp"
#include "tensor/overlap.hpp"

namespace sextant {

namespace {

/** The weights of all axes one after the other, `counts[axis]` of each. */
void read_weights(const Arguments& arguments, gaussian::Request& request) {
  const auto counts = arguments.numbers("counts", request.input.rank);
  const auto weights = arguments.numbers("weights");
  std::size_t first = 0;
  for (int axis = 0; axis < request.input.rank; ++axis) {
    const double wanted = counts[static_cast<std::size_t>(axis)];
    const auto left = static_cast<double>(weights.size() - first);
    check(wanted >= 0 && wanted <= left, "counts", "another number", "the number of weights");
    const auto begin = weights.begin() + static_cast<std::ptrdiff_t>(first);
    request.weights[axis].assign(begin, begin + static_cast<std::ptrdiff_t>(wanted));
    first += static_cast<std::size_t>(wanted);
  }
}

Napi::Value start(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    Arguments arguments(info);
    gaussian::Request request{};
    request.input = arguments.tensor("input");
    request.output = arguments.tensor("output");
    check(request.output.dtype == Dtype::float32 && same_shape(request.input, request.output),
          "output", "another tensor", "float32 of the input's shape");
    check(!spans_overlap(request.input, request.output), "output", "memory of the input",
          "memory of its own");
    request.border = arguments.border("border");
    request.fill = arguments.number("fill");
    read_weights(arguments, request);
    return enqueue(arguments, [request](const Run& run) { gaussian::apply(request, run); });
  });
}

}  // namespace

void register_gaussian(Napi::Env env, Napi::Object exports) {
  exports.Set("gaussian", Napi::Function::New(env, start));
}

}  // namespace sextant
