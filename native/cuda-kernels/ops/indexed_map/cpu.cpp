#include "ops/indexed_map/indexed_map.hpp"

namespace sextant::indexed_map::SEXTANT_VARIANT {
namespace {

using sextant::SEXTANT_VARIANT::element_offset;

constexpr std::int64_t kTileElements = std::int64_t{1} << 14;

template <class T>
void map_range(const Request& r, std::int64_t begin, std::int64_t end) {
  const T* from = static_cast<const T*>(r.input.data);
  auto* to = static_cast<float*>(r.output.data);
  for (std::int64_t index = begin; index < end; ++index) {
    const double x = static_cast<double>(from[element_offset(r.input, index)]);
    to[element_offset(r.output, index)] = value_at(r, x, index);
  }
}

}  // namespace

void apply(const Request& request, const Run& run) {
  parallel_for(element_count(request.output), kTileElements, run,
               [&](std::int64_t begin, std::int64_t end) {
    with_dtype(request.input.dtype, [&]<class T>() { map_range<T>(request, begin, end); });
  });
}

}  // namespace sextant::indexed_map::SEXTANT_VARIANT
