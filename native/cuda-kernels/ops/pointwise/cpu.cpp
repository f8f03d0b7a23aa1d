#include "ops/pointwise/pointwise.hpp"
#include "ops/strided_walk.hpp"

namespace sextant::pointwise::SEXTANT_VARIANT {
namespace {

using sextant::SEXTANT_VARIANT::for_each_row;

using Row = void (*)(const Request& request, const void* in, std::int64_t in_stride, void* out,
                     std::int64_t out_stride, std::int64_t n);

template <class T, class Function>
void map_row(const Request& request, const void* in, std::int64_t in_stride, void* out,
             std::int64_t out_stride, std::int64_t n) {
  const Function map{request};
  const T* from = static_cast<const T*>(in);
  auto* to = static_cast<typename Function::Output*>(out);
  if (in_stride == 1 && out_stride == 1) {
    // In place or apart: either way no element depends on another one.
#pragma GCC ivdep
    for (std::int64_t i = 0; i < n; ++i) to[i] = map(static_cast<double>(from[i]));
  } else {
    for (std::int64_t i = 0; i < n; ++i) {
      to[i * out_stride] = map(static_cast<double>(from[i * in_stride]));
    }
  }
}

Row row_for(const Request& request) {
  return with_map(request.map, [&]<class Function>() {
    return with_dtype(request.input.dtype, []<class T>() -> Row { return map_row<T, Function>; });
  });
}

}  // namespace

void apply(const Request& request, const Run& run) {
  const Row row = row_for(request);
  for_each_row(request.input, request.output, run,
               [&](auto... place) { row(request, place...); });
}

}  // namespace sextant::pointwise::SEXTANT_VARIANT
