#include <memory>
#include <mutex>

#include "ops/extreme_points/extreme_points.hpp"
#include "ops/extreme_points/tables.hpp"

namespace sextant::extreme_points::SEXTANT_VARIANT {
namespace {

/** Fills one row along the last axis: point by point, so that the inner loop is one vector each. */
template <class Combination>
void channel_row(const ExtremePointsAt<Combination>& at, std::int64_t i, std::int64_t j,
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

/** Calls body(i, j, row) for every row along the last axis, in tiles of about 32K voxels. */
template <class Body>
void for_each_output_row(const TensorView& output, const Run& run, Body body) {
  const std::int64_t rows = output.shape[0] * output.shape[1];
  const std::int64_t grain = 1 + 32768 / (output.shape[2] + 1);
  parallel_for(rows, grain, run, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t index = begin; index < end; ++index) {
      const std::int64_t i = index / output.shape[1];
      const std::int64_t j = index % output.shape[1];
      body(i, j, static_cast<float*>(output.data) + i * output.strides[0] + j * output.strides[1]);
    }
  });
}

template <class Combination>
void write_channel(const Tables<Combination>& tables, const TensorView& output, const Run& run) {
  const ExtremePointsAt<Combination> at{tables.axis[0].data(),
                                   tables.axis[1].data(),
                                   tables.axis[2].data(),
                                   tables.points,
                                   {output.shape[0], output.shape[1], output.shape[2]}};
  const std::int64_t stride = output.strides[2];
  for_each_output_row(output, run, [&](std::int64_t i, std::int64_t j, float* row) {
    if constexpr (std::is_same_v<typename Combination::Real, float>) {
      if (stride == 1) return channel_row(at, i, j, row);
    }
    // In pieces would be leaner, but a row is one network axis: hundreds of values.
    const std::unique_ptr<typename Combination::Real[]> values(
        new typename Combination::Real[static_cast<std::size_t>(at.shape[2])]);
    channel_row(at, i, j, values.get());
    for (std::int64_t k = 0; k < at.shape[2]; ++k) row[k * stride] = static_cast<float>(values[k]);
  });
}

Range range_of(const TensorView& output, const Run& run) {
  Range range;
  std::mutex mutex;
  for_each_output_row(output, run, [&](std::int64_t, std::int64_t, float* row) {
    Range of_row;
    for (std::int64_t k = 0; k < output.shape[2]; ++k) {
      const float x = row[k * output.strides[2]];
      of_row = RangeUnion{}(of_row, {x, x});
    }
    const std::lock_guard lock(mutex);
    range = RangeUnion{}(range, of_row);
  });
  return range;
}

void rescale(const Range& range, const TensorView& output, const Run& run) {
  const RescaleToUnit to_unit{range};
  for_each_output_row(output, run, [&](std::int64_t, std::int64_t, float* row) {
    for (std::int64_t k = 0; k < output.shape[2]; ++k) {
      row[k * output.strides[2]] = to_unit(row[k * output.strides[2]]);
    }
  });
}

}  // namespace

void apply(const Request& request, const Run& run) {
  const TensorView& output = request.output;
  if (element_count(output) == 0) return;
  if (request.kernel == Kernel::max) {
    write_channel(gaussian_tables(request), output, run);
  } else {
    write_channel(erf_tables(request), output, run);
    rescale(range_of(output, run), output, run);
  }
}

}  // namespace sextant::extreme_points::SEXTANT_VARIANT
