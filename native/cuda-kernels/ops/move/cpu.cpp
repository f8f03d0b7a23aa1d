#include <cstring>

#include "ops/move/move.hpp"
#include "ops/strided_walk.hpp"

namespace sextant::move::SEXTANT_VARIANT {
namespace {

using sextant::SEXTANT_VARIANT::for_each_row;

using Row = void (*)(const void* in, std::int64_t in_stride, void* out, std::int64_t out_stride,
                     std::int64_t n);

template <class From, class To>
void move_row(const void* in, std::int64_t in_stride, void* out, std::int64_t out_stride,
              std::int64_t n) {
  const From* __restrict from = static_cast<const From*>(in);
  To* __restrict to = static_cast<To*>(out);
  if (out_stride != 1) {
    for (std::int64_t i = 0; i < n; ++i) to[i * out_stride] = Convert<From, To>{}(from[i * in_stride]);
  } else if (in_stride == -1) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = Convert<From, To>{}(from[-i]);
  } else if (in_stride != 1) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = Convert<From, To>{}(from[i * in_stride]);
  } else if constexpr (std::is_same_v<From, To>) {
    std::memcpy(to, from, static_cast<std::size_t>(n) * sizeof(To));
  } else {
    for (std::int64_t i = 0; i < n; ++i) to[i] = Convert<From, To>{}(from[i]);
  }
}

Row row_for(Dtype from, Dtype to) {
  return with_dtype(from, [&]<class From>() {
    return with_dtype(to, []<class To>() -> Row { return move_row<From, To>; });
  });
}

}  // namespace

void apply(const Request& request, const Run& run) {
  const Row row = row_for(request.input.dtype, request.output.dtype);
  for_each_row(request.input, request.output, run, row);
}

}  // namespace sextant::move::SEXTANT_VARIANT
