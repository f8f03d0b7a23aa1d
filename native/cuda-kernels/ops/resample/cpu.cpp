#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <vector>

#include "ops/resample/aligned.hpp"
#include "ops/resample/resample.hpp"

namespace sextant::resample::SEXTANT_VARIANT {

namespace {

/** About this many elements between two looks at the cancellation flag. */
constexpr std::int64_t kTileElements = 16384;

/** Rows that lie across the output's memory are written so many at once: a cache line of float32. */
constexpr std::int64_t kPanelRows = 16;

/** The output seen as rows along `inner`; of the others, `outer1` goes faster in memory. */
struct Rows {
  int inner, outer0, outer1;
  std::int64_t count, length, grain;
};

/** The axis whose steps in memory are the shortest, among `candidates`. Extents of 1 come last. */
int fastest_axis(const TensorView& view, std::initializer_list<int> candidates) {
  int best = *candidates.begin();
  for (const int axis : candidates) {
    const bool shorter = std::llabs(view.strides[axis]) < std::llabs(view.strides[best]);
    if (view.shape[best] == 1 || (view.shape[axis] != 1 && shorter)) best = axis;
  }
  return best;
}

Rows rows_along(const TensorView& output, int inner) {
  const int a = inner == 0 ? 1 : 0, b = inner == 2 ? 1 : 2;
  const int outer1 = fastest_axis(output, {b, a});
  const std::int64_t length = output.shape[inner];
  const std::int64_t grain = length > 0 ? kTileElements / length / kPanelRows + 1 : 1;
  return {inner, outer1 == a ? b : a, outer1, output.shape[a] * output.shape[b], length,
          grain * kPanelRows};
}

/** Whether each input axis follows one output axis at most, within the tables' index type. */
bool is_aligned(const Request& r) {
  for (int axis = 0; axis < 3; ++axis) {
    int followed = 0;
    for (int column = 0; column < 3; ++column) followed += r.map[4 * axis + column] != 0.0;
    if (followed > 1 || r.input.shape[axis] > std::numeric_limits<std::int32_t>::max()) return false;
  }
  return true;
}

/** The one output axis that an input axis follows, and no other input axis does; or -1. */
int follower(const Request& r, int input_axis) {
  for (int column = 0; column < 3; ++column) {
    if (r.map[4 * input_axis + column] == 0.0) continue;
    int followers = 0;
    for (int axis = 0; axis < 3; ++axis) followers += r.map[4 * axis + column] != 0.0;
    return followers == 1 ? column : -1;
  }
  return -1;
}

/** The indices of a row's first element. */
void start_of(const Request& r, const Rows& rows, std::int64_t row, std::int64_t (&o)[3]) {
  o[rows.inner] = 0;
  o[rows.outer0] = row / r.output.shape[rows.outer1];
  o[rows.outer1] = row % r.output.shape[rows.outer1];
}

template <class A>
Still<A> still_at(const Request& r, const AxisTable<A>& table, int axis, std::int64_t at) {
  const std::int64_t step = r.input.strides[axis];
  return {table.low[at] * step, table.high[at] * step, table.weight[at]};
}

/** A line into an output row without gaps, the fill on both sides of what is inside. */
template <class To, class A>
void finish_row(const Request& r, const A* __restrict line, std::int64_t begin, std::int64_t end,
                To* __restrict out, std::int64_t length) {
  std::fill(out, out + begin, fill_of<To>(r));
  std::fill(out + end, out + length, fill_of<To>(r));
  if (r.slope == 1.0 && r.intercept == 0.0) {
    for (std::int64_t x = begin; x < end; ++x) out[x] = finish<To>(line[x], 1.0, 0.0);
  } else {
    for (std::int64_t x = begin; x < end; ++x) {
      out[x] = finish<To>(line[x], r.slope, r.intercept);
    }
  }
}

/** Rows that were made one after the other, written side by side: whole cache lines at a time. */
template <class To>
void write_panel(const To* panel, std::int64_t rows, std::int64_t length, To* out,
                 std::int64_t row_step, std::int64_t step) {
  for (std::int64_t x = 0; x < length; ++x) {
    for (std::int64_t row = 0; row < rows; ++row) {
      out[x * step + row * row_step] = panel[row * length + x];
    }
  }
}

/** Makes the rows of one tile. The input axes `first` and `second` stand still along a row. */
template <class T, class A = Accumulator<T>>
class AlignedRows {
 public:
  AlignedRows(const Request& request, const Rows& rows, const Moving<A>& moving)
      : r_(request),
        rows_(rows),
        moving_(moving),
        first_(moving.axis == 0 ? 1 : 0),
        second_(moving.axis == 2 ? 1 : 2),
        first_table_(make_table<A>(request, first_)),
        second_table_(make_table<A>(request, second_)) {}

  void operator()(std::int64_t begin, std::int64_t end) const {
    RowBuffer<T> buffer(r_, moving_);
    const std::int64_t row_bytes = rows_.length * size_of(r_.output.dtype);
    const std::int64_t step = r_.output.strides[rows_.inner];
    const std::int64_t* steps = r_.output.strides;
    std::vector<std::byte> panel(static_cast<std::size_t>(step == 1 ? 0 : kPanelRows * row_bytes));
    const std::int64_t across = r_.output.shape[rows_.outer1];
    for (std::int64_t row = begin; row < end;) {
      std::int64_t o[3];
      start_of(r_, rows_, row, o);
      std::byte* out = static_cast<std::byte*>(r_.output.data) +
                       (o[0] * steps[0] + o[1] * steps[1] + o[2] * steps[2]) *
                           size_of(r_.output.dtype);
      if (step == 1) {
        make(buffer, o, out);
        ++row;
        continue;
      }
      const std::int64_t count = std::min({kPanelRows, end - row, across - o[rows_.outer1]});
      for (std::int64_t n = 0; n < count; ++n, ++o[rows_.outer1]) {
        make(buffer, o, panel.data() + n * row_bytes);
      }
      with_dtype(r_.output.dtype, [&]<class To>() {
        write_panel(reinterpret_cast<const To*>(panel.data()), count, rows_.length,
                    reinterpret_cast<To*>(out), steps[rows_.outer1], step);
      });
      row += count;
    }
  }

 private:
  void make(RowBuffer<T>& buffer, const std::int64_t (&o)[3], std::byte* to) const {
    const auto index = [&](const AxisTable<A>& table) {
      return table.follows < 0 ? 0 : o[table.follows];
    };
    const std::int64_t at_first = index(first_table_), at_second = index(second_table_);
    std::int64_t begin = moving_.table.begin, end = moving_.table.end;
    if (begin >= end || !first_table_.inside(at_first) || !second_table_.inside(at_second)) {
      begin = end = rows_.length;
    } else {
      blend_row<T>(buffer, moving_, still_at(r_, first_table_, first_, at_first),
                   still_at(r_, second_table_, second_, at_second));
    }
    with_dtype(r_.output.dtype, [&]<class To>() {
      finish_row(r_, buffer.line(), begin, end, reinterpret_cast<To*>(to), rows_.length);
    });
  }

  const Request& r_;
  const Rows& rows_;
  const Moving<A>& moving_;
  int first_, second_;
  AxisTable<A> first_table_, second_table_;
};

template <class T>
void oblique(const Request& r, const Run& run, const Rows& rows) {
  parallel_for(rows.count, rows.grain, run, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      std::int64_t o[3];
      start_of(r, rows, row, o);
      for (; o[rows.inner] < rows.length; ++o[rows.inner]) {
        make_element<T>(r, o[0], o[1], o[2]);
      }
    }
  });
}

/**
 * Rows along the axis that is fastest in the input, so that input rows are read in a line; panels keep
 * the writes in lines too. False when the map or the shape does not suit this way.
 */
template <class T, class A = Accumulator<T>>
bool aligned(const Request& r, const Run& run) {
  if (element_count(r.input) == 0 || !is_aligned(r) || copies_wide<T>(r)) return false;
  const int axis = fastest_axis(r.input, {2, 1, 0});
  const int inner = follower(r, axis);
  if (inner < 0) return false;
  const Rows rows = rows_along(r.output, inner);
  const auto moving = make_moving(axis, make_table<A>(r, axis));
  // Rows are converted whole; where few of their elements are wanted, that costs more than it saves.
  if (moving.length > 4 * rows.length + 64) return false;
  parallel_for(rows.count, rows.grain, run, AlignedRows<T>(r, rows, moving));
  return true;
}

}  // namespace

void apply(const Request& request, const Run& run) {
  if (element_count(request.output) == 0) return;
  with_dtype(request.input.dtype, [&]<class T>() {
    if (aligned<T>(request, run)) return;
    oblique<T>(request, run, rows_along(request.output, fastest_axis(request.output, {2, 1, 0})));
  });
}

}  // namespace sextant::resample::SEXTANT_VARIANT
