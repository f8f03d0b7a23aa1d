// How to visit two strided views of one shape together, fast, in whatever order. The order is the
// output's memory order; where the input's fastest axis is another one, both are cut into tiles
// small enough that a line of the cache is used up before it is dropped.
#pragma once

#include <cstdint>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::SEXTANT_VARIANT {

/** Axes in the output's order (slowest first), with neighbours that lie alike in both views joined. */
struct WalkPlan {
  int rank = 0;
  std::int64_t shape[kMaxRank];
  std::int64_t in[kMaxRank];
  std::int64_t out[kMaxRank];
  std::int64_t in_start = 0;  // offset of the first element visited, in elements
  std::int64_t out_start = 0;
  int tiled_axis = -1;  // the input's fastest axis where that is not the last one
};

inline std::int64_t stride_length(std::int64_t stride) { return stride < 0 ? -stride : stride; }

/** Adds an axis before the first one that has a smaller output stride. */
inline void add_axis(WalkPlan& plan, std::int64_t n, std::int64_t in, std::int64_t out) {
  if (n == 1) return;
  // Walking a flipped output forwards turns the flip into the input's.
  if (out < 0) {
    plan.in_start += in * (n - 1);
    plan.out_start += out * (n - 1);
    in = -in;
    out = -out;
  }
  int place = plan.rank++;
  for (; place > 0 && plan.out[place - 1] < out; --place) {
    plan.shape[place] = plan.shape[place - 1];
    plan.in[place] = plan.in[place - 1];
    plan.out[place] = plan.out[place - 1];
  }
  plan.shape[place] = n;
  plan.in[place] = in;
  plan.out[place] = out;
}

inline void join_axes(WalkPlan& plan) {
  int last = 0;
  for (int axis = 1; axis < plan.rank; ++axis) {
    const std::int64_t n = plan.shape[axis];
    if (plan.out[last] == plan.out[axis] * n && plan.in[last] == plan.in[axis] * n) {
      plan.shape[last] *= n;
    } else {
      plan.shape[++last] = n;
    }
    plan.in[last] = plan.in[axis];
    plan.out[last] = plan.out[axis];
  }
  plan.rank = last + 1;
}

inline WalkPlan plan_walk(const TensorView& input, const TensorView& output) {
  WalkPlan plan;
  for (int axis = 0; axis < output.rank; ++axis) {
    add_axis(plan, output.shape[axis], input.strides[axis], output.strides[axis]);
  }
  if (plan.rank == 0) {
    plan.shape[0] = plan.in[0] = plan.out[0] = plan.rank = 1;
  }
  join_axes(plan);
  const int last = plan.rank - 1;
  for (int axis = 0; axis < last; ++axis) {
    const int fastest = plan.tiled_axis < 0 ? last : plan.tiled_axis;
    if (stride_length(plan.in[axis]) < stride_length(plan.in[fastest])) plan.tiled_axis = axis;
  }
  return plan;
}

/** One axis of a walk cut into tiles of `size`. */
struct AxisTiles {
  std::int64_t extent;
  std::int64_t size;
  std::int64_t count() const { return (extent + size - 1) / size; }
  std::int64_t length_at(std::int64_t begin) const {
    return extent - begin < size ? extent - begin : size;
  }
};

/**
 * Calls row(in_offset, in_stride, out_offset, out_stride, n) until each element was visited once;
 * offsets and strides in elements.
 */
template <class Row>
void for_each_row(const TensorView& input, const TensorView& output, const Run& run, Row row) {
  if (element_count(output) == 0) return;
  const WalkPlan plan = plan_walk(input, output);
  const int last = plan.rank - 1;
  const bool tiled = plan.tiled_axis >= 0;
  const AxisTiles inner{plan.shape[last], tiled ? 64 : 16384};
  const AxisTiles across{tiled ? plan.shape[plan.tiled_axis] : 1, 64};
  const std::int64_t in_step = tiled ? plan.in[plan.tiled_axis] : 0;
  const std::int64_t out_step = tiled ? plan.out[plan.tiled_axis] : 0;

  std::int64_t units = inner.count() * across.count();
  for (int axis = 0; axis < last; ++axis) {
    if (axis != plan.tiled_axis) units *= plan.shape[axis];
  }
  const std::int64_t unit_size = inner.length_at(0) * across.length_at(0);
  const std::int64_t grain = unit_size >= 65536 ? 1 : 65536 / unit_size;

  parallel_for(units, grain, run, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t unit = begin; unit < end; ++unit) {
      std::int64_t rest = unit;
      const std::int64_t first = rest % inner.count() * inner.size;
      rest /= inner.count();
      const std::int64_t step = rest % across.count() * across.size;
      rest /= across.count();
      std::int64_t in = plan.in_start + first * plan.in[last] + step * in_step;
      std::int64_t out = plan.out_start + first * plan.out[last] + step * out_step;
      for (int axis = last - 1; axis >= 0; --axis) {
        if (axis == plan.tiled_axis) continue;
        const std::int64_t index = rest % plan.shape[axis];
        rest /= plan.shape[axis];
        in += index * plan.in[axis];
        out += index * plan.out[axis];
      }
      const std::int64_t n = inner.length_at(first);
      const std::int64_t rows = across.length_at(step);
      for (std::int64_t r = 0; r < rows; ++r) {
        row(in + r * in_step, plan.in[last], out + r * out_step, plan.out[last], n);
      }
    }
  });
}

}  // namespace sextant::SEXTANT_VARIANT
