#include <memory>
#include <mutex>

#include "ops/extreme_points/extreme_points.hpp"
#include "ops/extreme_points/tables.hpp"

namespace sextant::extreme_points::SEXTANT_VARIANT {
namespace {

/** One row along the last axis, point by point, so that the inner loop is one vector each. */
template <class Combination>
void value_row(const ValueAt<Combination>& at, std::int64_t i, std::int64_t j,
               typename Combination::Real* __restrict row) {
  const std::int64_t n = at.shape[2];
  for (std::int64_t k = 0; k < n; ++k) row[k] = 0;
  for (std::int64_t p = 0; p < at.points; ++p) {
    const auto plane = at.plane_factor(p, i, j);
    if (plane == 0) continue;
    const auto* __restrict z = at.z + p * n;
    for (std::int64_t k = 0; k < n; ++k) row[k] = Combination::combine(row[k], plane * z[k]);
  }
}

/** Calls body(i, j, values) for every row along the last axis, in tiles of about 32K voxels. */
template <class Combination, class Body>
void for_each_value_row(const ValueAt<Combination>& at, const Run& run, Body body) {
  const std::int64_t grain = 1 + 32768 / (at.shape[2] + 1);
  parallel_for(at.shape[0] * at.shape[1], grain, run, [&](std::int64_t begin, std::int64_t end) {
    const std::unique_ptr<typename Combination::Real[]> values(
        new typename Combination::Real[static_cast<std::size_t>(at.shape[2])]);
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t i = row / at.shape[1];
      const std::int64_t j = row % at.shape[1];
      value_row(at, i, j, values.get());
      body(i, j, values.get());
    }
  });
}

template <class Combination, class Finish>
void write_channel(const ValueAt<Combination>& at, Finish finish, const TensorView& output,
                   const Run& run) {
  const std::int64_t* strides = output.strides;
  for_each_value_row(at, run, [&](std::int64_t i, std::int64_t j, const auto* values) {
    float* row = static_cast<float*>(output.data) + i * strides[0] + j * strides[1];
    if (strides[2] == 1) {
      for (std::int64_t k = 0; k < at.shape[2]; ++k) row[k] = finish(values[k]);
    } else {
      for (std::int64_t k = 0; k < at.shape[2]; ++k) row[k * strides[2]] = finish(values[k]);
    }
  });
}

template <class Combination>
Range range_of(const ValueAt<Combination>& at, const Run& run) {
  Range range;
  std::mutex mutex;
  for_each_value_row(at, run, [&](std::int64_t, std::int64_t, const auto* values) {
    Range of_row;
    for (std::int64_t k = 0; k < at.shape[2]; ++k) {
      of_row = RangeUnion{}(of_row, {values[k], values[k]});
    }
    const std::lock_guard lock(mutex);
    range = RangeUnion{}(range, of_row);
  });
  return range;
}

}  // namespace

void apply(const Request& request, const Run& run) {
  if (element_count(request.output) == 0) return;
  if (request.kernel == Kernel::max) {
    const auto tables = gaussian_tables(request);
    write_channel(tables.value_at(request.output), AsItIs{}, request.output, run);
  } else {
    const auto tables = erf_tables(request);
    const auto at = tables.value_at(request.output);
    write_channel(at, RescaleToUnit{range_of(at, run)}, request.output, run);
  }
}

}  // namespace sextant::extreme_points::SEXTANT_VARIANT
