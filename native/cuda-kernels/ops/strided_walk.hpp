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

// A row's piece where both views run along the same axis; large, but many for several threads.
constexpr std::int64_t kRowPiece = 16384;
// Where they do not: columns taken at once, and bytes of the input's axis (two lines of the cache).
constexpr std::int64_t kTileColumns = 32;
constexpr std::int64_t kTileBytes = 128;

/** Where a unit of work begins in both views, in elements, and how far it goes. */
struct WalkUnit {
  std::int64_t in;
  std::int64_t out;
  std::int64_t columns;  // along the last axis
  std::int64_t rows;     // along the tiled axis; 1 without one
};

/** A walk's units, counted so that each thread may begin anywhere. */
class WalkUnits {
 public:
  WalkUnits(const WalkPlan& plan, std::int64_t item)
      : plan_(plan),
        last_(plan.rank - 1),
        columns_{plan.shape[last_], tiled() ? kTileColumns : kRowPiece},
        rows_{tiled() ? plan.shape[plan.tiled_axis] : 1, kTileBytes / item} {
    count_ = columns_.count() * rows_.count();
    for (int axis = 0; axis < last_; ++axis) {
      if (axis != plan.tiled_axis) count_ *= plan.shape[axis];
    }
  }

  bool tiled() const { return plan_.tiled_axis >= 0; }
  std::int64_t count() const { return count_; }
  /** Units a tile of parallel_for: about 64K elements. */
  std::int64_t grain() const {
    return 1 + 65536 / (columns_.length_at(0) * rows_.length_at(0));
  }

  WalkUnit at(std::int64_t index) const {
    const std::int64_t column = index % columns_.count() * columns_.size;
    index /= columns_.count();
    const std::int64_t row = index % rows_.count() * rows_.size;
    index /= rows_.count();
    WalkUnit unit{plan_.in_start + column * plan_.in[last_],
                  plan_.out_start + column * plan_.out[last_], columns_.length_at(column),
                  rows_.length_at(row)};
    if (tiled()) {
      unit.in += row * plan_.in[plan_.tiled_axis];
      unit.out += row * plan_.out[plan_.tiled_axis];
    }
    for (int axis = last_ - 1; axis >= 0; --axis) {
      if (axis == plan_.tiled_axis) continue;
      unit.in += index % plan_.shape[axis] * plan_.in[axis];
      unit.out += index % plan_.shape[axis] * plan_.out[axis];
      index /= plan_.shape[axis];
    }
    return unit;
  }

 private:
  const WalkPlan& plan_;
  int last_;
  AxisTiles columns_;
  AxisTiles rows_;
  std::int64_t count_;
};

/** Copies a tile to `buffer`, columns outside: along the input's fastest axis each line is used up. */
template <class Element>
void gather_tile(const Element* in, std::int64_t column_stride, std::int64_t row_stride,
                 const WalkUnit& unit, Element* buffer, std::int64_t buffer_stride) {
  for (std::int64_t column = 0; column < unit.columns; ++column) {
    const Element* from = in + column * column_stride;
    Element* to = buffer + column * buffer_stride;
    for (std::int64_t row = 0; row < unit.rows; ++row) to[row] = from[row * row_stride];
  }
}

/**
 * Visits each element of both views once. `row(in, in_stride, out, out_stride, n)` gets pointers to
 * the first of n elements (`in` may point to a copy) and strides in elements. Element is an unsigned
 * integer of the input's size.
 */
template <class Element, class Row>
void walk_rows(const TensorView& input, const TensorView& output, const Run& run, const Row& row) {
  const WalkPlan plan = plan_walk(input, output);
  const WalkUnits units(plan, sizeof(Element));
  const std::int64_t in_stride = plan.in[plan.rank - 1];
  const std::int64_t out_stride = plan.out[plan.rank - 1];
  const std::int64_t out_item = size_of(output.dtype);
  const Element* from = static_cast<const Element*>(input.data);
  char* to = static_cast<char*>(output.data);
  parallel_for(units.count(), units.grain(), run, [&](std::int64_t begin, std::int64_t end) {
    constexpr std::int64_t stride = kTileBytes / sizeof(Element);
    Element buffer[kTileColumns * stride];
    for (std::int64_t index = begin; index < end; ++index) {
      const WalkUnit unit = units.at(index);
      if (!units.tiled()) {
        row(from + unit.in, in_stride, to + unit.out * out_item, out_stride, unit.columns);
        continue;
      }
      const std::int64_t row_stride = plan.in[plan.tiled_axis];
      gather_tile(from + unit.in, in_stride, row_stride, unit, buffer, stride);
      for (std::int64_t r = 0; r < unit.rows; ++r) {
        const std::int64_t out = unit.out + r * plan.out[plan.tiled_axis];
        row(buffer + r, stride, to + out * out_item, out_stride, unit.columns);
      }
    }
  });
}

/** walk_rows for the size of the input's elements. */
template <class Row>
void for_each_row(const TensorView& input, const TensorView& output, const Run& run,
                  const Row& row) {
  if (element_count(output) == 0) return;
  switch (size_of(input.dtype)) {
    case 1:
      return walk_rows<std::uint8_t>(input, output, run, row);
    case 2:
      return walk_rows<std::uint16_t>(input, output, run, row);
    case 4:
      return walk_rows<std::uint32_t>(input, output, run, row);
    default:
      return walk_rows<std::uint64_t>(input, output, run, row);
  }
}

}  // namespace sextant::SEXTANT_VARIANT
