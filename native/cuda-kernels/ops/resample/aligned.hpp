#pragma once

// The fast way for maps whose input axes follow one output axis each: samples come from one table per
// axis, and the inner loops run over rows that lie in a line. Every element goes through the same
// roundings as element() in resample.hpp.

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "ops/resample/resample.hpp"
#include "ops/resample/sample_groups.hpp"

namespace sextant::resample::SEXTANT_VARIANT {

template <class A>
AxisTable<A> make_table(const Request& r, int axis) {
  AxisTable<A> table;
  for (int column = 0; column < 3; ++column) {
    if (r.map[4 * axis + column] != 0.0) table.follows = column;
  }
  const std::int64_t count = table.follows < 0 ? 1 : r.output.shape[table.follows];
  for (std::int64_t o = 0; o < count; ++o) {
    double at[3] = {0, 0, 0};
    if (table.follows >= 0) at[table.follows] = static_cast<double>(o);
    const auto sample = sample_axis<A>(position(r.map, axis, at[0], at[1], at[2]),
                                       r.input.shape[axis], r.interpolation);
    table.low.push_back(static_cast<std::int32_t>(sample.low));
    table.high.push_back(static_cast<std::int32_t>(sample.high));
    table.weight.push_back(sample.weight);
    if (!sample.inside) continue;
    if (table.end == 0) table.begin = o;
    table.end = o + 1;
  }
  return table;
}

/** The input axis that moves along an output row, its samples counted from `first`. */
template <class A>
struct Moving {
  int axis;
  AxisTable<A> table;
  std::int64_t first = 0, length = 0;  // the input indices in use
  SampleGroups<A> groups;
};

template <class A>
Moving<A> make_moving(int axis, AxisTable<A> table) {
  Moving<A> moving{axis, std::move(table), 0, 0, {}};
  auto& [_, samples, first, length, groups] = moving;
  if (samples.begin >= samples.end) return moving;
  std::int64_t last = 0;
  first = std::numeric_limits<std::int64_t>::max();
  for (std::int64_t o = samples.begin; o < samples.end; ++o) {
    first = std::min<std::int64_t>(first, samples.low[o]);
    last = std::max<std::int64_t>(last, samples.high[o]);
  }
  length = last - first + 1;
  for (std::int64_t o = samples.begin; o < samples.end; ++o) {
    samples.low[o] -= static_cast<std::int32_t>(first);
    samples.high[o] -= static_cast<std::int32_t>(first);
  }
  groups = SampleGroups<A>(samples);
  return moving;
}

/** A thread's rows: the input rows around an output row, converted, and what is made of them. */
template <class T>
class RowBuffer {
 public:
  using A = Accumulator<T>;

  RowBuffer(const Request& request, const Moving<A>& moving)
      : data_(static_cast<const T*>(request.input.data) +
              moving.first * request.input.strides[moving.axis]),
        step_(request.input.strides[moving.axis]),
        length_(moving.length) {
    const auto length = static_cast<std::size_t>(length_ + kReadBeyond);
    for (auto& row : rows_) row.values.resize(length);
    for (auto& row : mixed_) row.resize(length);
    line_.resize(moving.table.low.size() + kReadBeyond);
  }

  /**
   * The input row at an element offset. A row that is there already is not read again: the next output row
   * wants some of the same. The last four that were asked for stay.
   */
  const A* row(std::int64_t offset) {
    ++asked_;
    Row* oldest = &rows_.front();
    for (Row& row : rows_) {
      if (row.offset == offset) {
        row.asked = asked_;
        return row.values.data();
      }
      if (row.asked < oldest->asked) oldest = &row;
    }
    Row& row = *oldest;
    row.offset = offset;
    row.asked = asked_;
    const T* from = data_ + offset;
    A* to = row.values.data();
    if (step_ == 1) {
      for (std::int64_t i = 0; i < length_; ++i) to[i] = static_cast<A>(from[i]);
    } else {
      for (std::int64_t i = 0; i < length_; ++i) to[i] = static_cast<A>(from[i * step_]);
    }
    return to;
  }

  /** Two rows mixed by one weight. */
  const A* mixed(int place, const A* low, const A* high, A weight) {
    if (low == high) return low;
    A* to = mixed_[static_cast<std::size_t>(place)].data();
    for (std::int64_t i = 0; i < length_; ++i) to[i] = mix(low[i], high[i], weight);
    return to;
  }

  A* line() { return line_.data(); }

 private:
  struct Row {
    std::int64_t offset = std::numeric_limits<std::int64_t>::min();
    std::int64_t asked = 0;
    std::vector<A> values;
  };
  const T* data_;
  std::int64_t step_, length_;
  std::array<Row, 8> rows_;
  std::int64_t asked_ = 0;
  std::array<std::vector<A>, 3> mixed_;
  std::vector<A> line_;
};

/** The moving axis' table as the inner loops want it: nothing in it is written meanwhile. */
template <class A>
struct Samples {
  explicit Samples(const AxisTable<A>& table)
      : low(table.low.data()),
        high(table.high.data()),
        weight(table.weight.data()),
        begin(table.begin),
        end(table.end) {}
  /** Of whole rows with kReadBeyond elements behind them, as of the line. */
  explicit Samples(const Moving<A>& moving) : Samples(moving.table) {
    if (moving.groups.fit()) groups = &moving.groups;
  }

  SEXTANT_HD A of(const A* row, std::int64_t x) const {
    return mix(row[low[x]], row[high[x]], weight[x]);
  }

  const std::int32_t* low;
  const std::int32_t* high;
  const A* weight;
  std::int64_t begin, end;
  const SampleGroups<A>* groups = nullptr;
};

// The samples along one, two and four rows. Without __restrict the compiler has to expect that the line
// changes the rows, and gathers nothing.

template <class A>
void along_one(const Samples<A>& at, const A* __restrict row, A* __restrict line) {
  if (at.groups != nullptr) {
    return at.groups->each(line, [&](const auto& group) { return group.of(row); });
  }
  for (std::int64_t x = at.begin; x < at.end; ++x) line[x] = at.of(row, x);
}

template <class A>
void along_two(const Samples<A>& at, const A* __restrict low, const A* __restrict high, A w,
               A* __restrict line) {
  if (at.groups != nullptr) {
    return at.groups->each(
        line, [&](const auto& group) { return group.mixed(group.of(low), group.of(high), w); });
  }
  for (std::int64_t x = at.begin; x < at.end; ++x) {
    line[x] = mix(at.of(low, x), at.of(high, x), w);
  }
}

template <class A>
void along_four(const Samples<A>& at, const A* __restrict r0, const A* __restrict r1,
                const A* __restrict r2, const A* __restrict r3, A w0, A w1, A* __restrict line) {
  if (at.groups != nullptr) {
    return at.groups->each(line, [&](const auto& group) {
      return group.mixed(group.mixed(group.of(r0), group.of(r1), w1),
                         group.mixed(group.of(r2), group.of(r3), w1), w0);
    });
  }
  for (std::int64_t x = at.begin; x < at.end; ++x) {
    line[x] = mix(mix(at.of(r0, x), at.of(r1, x), w1), mix(at.of(r2, x), at.of(r3, x), w1), w0);
  }
}

/** Where an axis stands still for a whole output row. */
template <class A>
struct Still {
  std::int64_t low, high;  // element offsets
  A weight;
};

/**
 * An output row's values, not yet scaled. `first` and `second` are the axes that stand still, in their
 * order. Axis 2 is mixed first and axis 0 last, so what can be mixed before the row is walked depends
 * on which axis moves.
 */
template <class T, class A = Accumulator<T>>
void blend_row(RowBuffer<T>& buffer, const Moving<A>& moving, const Still<A>& first,
               const Still<A>& second) {
  // Equal offsets share one buffer, so that mixed() sees that there is nothing to mix.
  const A* const r0 = buffer.row(first.low + second.low);
  const A* const r1 =
      second.high == second.low ? r0 : buffer.row(first.low + second.high);
  const bool same = first.high == first.low;
  const A* const r2 = same ? r0 : buffer.row(first.high + second.low);
  const A* const r3 = same                         ? r1
                      : second.high == second.low ? r2
                                                  : buffer.row(first.high + second.high);
  const Samples<A> at(moving);
  if (moving.axis == 2) {
    if (same && r1 == r0) return along_one(at, r0, buffer.line());
    return along_four(at, r0, r1, r2, r3, first.weight, second.weight, buffer.line());
  }
  const A* const q0 = buffer.mixed(0, r0, r1, second.weight);
  const A* const q1 = same ? q0 : buffer.mixed(1, r2, r3, second.weight);
  if (moving.axis == 1 && !same) return along_two(at, q0, q1, first.weight, buffer.line());
  if (moving.axis == 1) return along_one(at, q0, buffer.line());
  along_one(at, buffer.mixed(2, q0, q1, first.weight), buffer.line());
}

}  // namespace sextant::resample::SEXTANT_VARIANT
