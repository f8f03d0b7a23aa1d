// How to visit two strided views of one shape together, fast, in whatever order. The order is the
// output's memory order; where the input's fastest axis is another one, both are cut into tiles
// small enough that a line of the cache is used up before it is dropped.
#pragma once

#include <cstdint>

#include "ops/parallel.hpp"
#include "ops/transpose_block.hpp"
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
      : start_{plan.in_start, plan.out_start, 0, 0},
        columns_{plan.shape[plan.rank - 1], plan.tiled_axis < 0 ? kRowPiece : kTileColumns},
        rows_{plan.tiled_axis < 0 ? 1 : plan.shape[plan.tiled_axis], kTileBytes / item} {
    const int last = plan.rank - 1;
    add(columns_.count(), columns_.size * plan.in[last], columns_.size * plan.out[last]);
    const int tiled = plan.tiled_axis < 0 ? last : plan.tiled_axis;
    add(rows_.count(), rows_.size * plan.in[tiled], rows_.size * plan.out[tiled]);
    for (int axis = last - 1; axis >= 0; --axis) {
      if (axis != plan.tiled_axis) add(plan.shape[axis], plan.in[axis], plan.out[axis]);
    }
  }

  std::int64_t count() const { return count_; }
  /** Units a tile of parallel_for: about 64K elements. */
  std::int64_t grain() const {
    return 1 + 65536 / (columns_.length_at(0) * rows_.length_at(0));
  }

  /** Calls visit(unit) for the units [begin, end), of which only the first is found by dividing. */
  template <class Visit>
  void for_each(std::int64_t begin, std::int64_t end, const Visit& visit) const {
    std::int64_t at[kMaxRank + 1];
    WalkUnit unit = start_;
    std::int64_t index = begin;
    for (int d = 0; d < digits_; ++d) {
      at[d] = index % digit_[d].count;
      index /= digit_[d].count;
      unit.in += at[d] * digit_[d].in;
      unit.out += at[d] * digit_[d].out;
    }
    for (std::int64_t left = end - begin; left > 0; --left) {
      unit.columns = columns_.length_at(at[0] * columns_.size);
      unit.rows = rows_.length_at(at[1] * rows_.size);
      visit(unit);
      advance(at, unit);
    }
  }

 private:
  /** One of the numbers that a unit's index is made of, the fastest first, and what a step of it adds. */
  struct Digit {
    std::int64_t count;
    std::int64_t in;
    std::int64_t out;
  };

  void add(std::int64_t count, std::int64_t in, std::int64_t out) {
    digit_[digits_++] = {count, in, out};
    count_ *= count;
  }

  void advance(std::int64_t* at, WalkUnit& unit) const {
    for (int d = 0; d < digits_; ++d) {
      const Digit& digit = digit_[d];
      if (++at[d] < digit.count) {
        unit.in += digit.in;
        unit.out += digit.out;
        return;
      }
      unit.in -= digit.in * (digit.count - 1);
      unit.out -= digit.out * (digit.count - 1);
      at[d] = 0;
    }
  }

  WalkUnit start_;
  AxisTiles columns_;
  AxisTiles rows_;
  Digit digit_[kMaxRank + 1];
  int digits_ = 0;
  std::int64_t count_ = 1;
};

/** buffer[row * kTileColumns + column], by blocks: `from` is of a tile whose rows lie side by side. */
template <class Element>
void gather_blocks(const Element* from, std::int64_t column_stride, const WalkUnit& unit,
                   Element* buffer, std::int64_t buffer_stride) {
  constexpr int n = kBlock<Element>;
  const std::int64_t columns = unit.columns / n * n;
  const std::int64_t rows = unit.rows / n * n;
  for (std::int64_t column = 0; column < columns; column += n) {
    for (std::int64_t row = 0; row < rows; row += n) {
      transpose_block(from + column * column_stride + row, column_stride,
                      buffer + row * buffer_stride + column, buffer_stride);
    }
  }
  for (std::int64_t column = 0; column < unit.columns; ++column) {
    for (std::int64_t row = column < columns ? rows : 0; row < unit.rows; ++row) {
      buffer[row * buffer_stride + column] = from[column * column_stride + row];
    }
  }
}

/** Copies a tile to `buffer`, rows outside: along the input's fastest axis each line is used up. */
template <class Element>
void gather_tile(const Element* in, std::int64_t column_stride, std::int64_t row_stride,
                 const WalkUnit& unit, Element* buffer) {
  const std::int64_t last = unit.rows - 1;
  if (row_stride == 1) return gather_blocks(in, column_stride, unit, buffer, kTileColumns);
  if (row_stride == -1) {
    return gather_blocks(in - last, column_stride, unit, buffer + last * kTileColumns, -kTileColumns);
  }
  for (std::int64_t column = 0; column < unit.columns; ++column) {
    const Element* from = in + column * column_stride;
    for (std::int64_t row = 0; row < unit.rows; ++row) {
      buffer[row * kTileColumns + column] = from[row * row_stride];
    }
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
  if (plan.tiled_axis < 0) {
    return parallel_for(units.count(), units.grain(), run, [&](std::int64_t begin, std::int64_t end) {
      units.for_each(begin, end, [&](const WalkUnit& unit) {
        row(from + unit.in, in_stride, to + unit.out * out_item, out_stride, unit.columns);
      });
    });
  }
  const std::int64_t in_row_stride = plan.in[plan.tiled_axis];
  const std::int64_t out_row_stride = plan.out[plan.tiled_axis];
  parallel_for(units.count(), units.grain(), run, [&](std::int64_t begin, std::int64_t end) {
    Element buffer[kTileColumns * kTileBytes / sizeof(Element)];
    units.for_each(begin, end, [&](const WalkUnit& unit) {
      gather_tile(from + unit.in, in_stride, in_row_stride, unit, buffer);
      for (std::int64_t r = 0; r < unit.rows; ++r) {
        char* out = to + (unit.out + r * out_row_stride) * out_item;
        row(buffer + r * kTileColumns, 1, out, out_stride, unit.columns);
      }
    });
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
