#pragma once

// The fast way for maps whose axes follow one another one to one: what lies between eight neighbouring
// input centres is clear where all eight lie on one side of the threshold, and only the rest is
// interpolated, with every rounding of element() in resample.hpp.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "ops/resample/aligned.hpp"
#include "ops/resample_threshold/resample_threshold.hpp"

namespace sextant::resample_threshold::SEXTANT_VARIANT {

using sampling::AxisTable;

/**
 * On which side of the threshold values lie, with room for rounding: three mixes one after the other,
 * each of three roundings of at most 2^-24 of twice the largest value, leave the range of the eight
 * corners by less than 2^-20 of it. Corners are joined by OR: one bit alone is a clear answer.
 */
template <class A>
class Sides {
 public:
  static constexpr std::uint8_t kBelow = 1, kReached = 2, kUnclear = 4;
  /** Differences of larger values could overflow float32. */
  static constexpr A kLargest = A(1e30);

  /** `largest` is that of the values' magnitudes, those above kLargest and NaN left out. */
  Sides(float lowest, A largest) {
    const double margin =
        std::ldexp(std::max<double>(std::fabs(lowest), static_cast<double>(largest)), -19) +
        static_cast<double>(std::numeric_limits<float>::min());
    reached_from_ = static_cast<A>(static_cast<double>(lowest) + margin);
    below_under_ = static_cast<A>(static_cast<double>(lowest) - margin);
  }

  std::uint8_t of(A value) const {
    const bool comparable = value >= -kLargest && value <= kLargest;
    const std::uint8_t side = value > reached_from_  ? kReached
                              : value < below_under_ ? kBelow
                                                     : kUnclear;
    return comparable ? side : kUnclear;
  }

 private:
  A reached_from_, below_under_;
};

/** A stretch of an output row: set throughout, or to be interpolated from input [from, to]. */
struct Span {
  std::int32_t begin, end;
  std::int32_t from, to;
  bool set;
};

/** The output indices that lie between one input centre and the next, in their order. */
struct Between {
  std::int32_t low;
  std::int32_t begin, end;
};

template <class A>
std::vector<Between> between_centres(const AxisTable<A>& table) {
  std::vector<Between> found;
  for (std::int64_t o = table.begin; o < table.end; ++o) {
    const std::int32_t low = table.low[o];
    const auto at = static_cast<std::int32_t>(o);
    if (found.empty() || found.back().low != low) found.push_back({low, at, at});
    found.back().end = at + 1;
  }
  return found;
}

/** The input in rows along the axis that moves with an output row: [plane, row, along]. */
template <class A>
struct Rows {
  std::int64_t planes, rows, length;
  std::vector<A> values;
  A largest = 0;  // see Sides

  const A* at(std::int64_t plane, std::int64_t row) const {
    return values.data() + (plane * rows + row) * length;
  }
};

template <class T, class A>
Rows<A> rows_of(const TensorView& input, const int (&axes)[3], const Run& run) {
  Rows<A> made{input.shape[axes[0]], input.shape[axes[1]], input.shape[axes[2]], {}};
  made.values.resize(static_cast<std::size_t>(element_count(input)));
  std::vector<A> largest(static_cast<std::size_t>(made.planes), A(0));
  const std::int64_t step = input.strides[axes[2]];
  const std::int64_t grain = 1 + 65536 / (made.rows * made.length);
  parallel_for(made.planes, grain, run, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t plane = begin; plane < end; ++plane) {
      A most = 0;
      for (std::int64_t row = 0; row < made.rows; ++row) {
        const T* from = static_cast<const T*>(input.data) + plane * input.strides[axes[0]] +
                        row * input.strides[axes[1]];
        A* to = made.values.data() + (plane * made.rows + row) * made.length;
        for (std::int64_t n = 0; n < made.length; ++n) {
          to[n] = static_cast<A>(from[n * step]);
          const A size = to[n] < A(0) ? -to[n] : to[n];
          most = size <= Sides<A>::kLargest && size > most ? size : most;
        }
      }
      largest[static_cast<std::size_t>(plane)] = most;
    }
  });
  made.largest = *std::max_element(largest.begin(), largest.end());
  return made;
}

/** What is to be done for an output row that lies between two planes and two rows of the input. */
template <class A>
class Spans {
 public:
  Spans(const Rows<A>& input, const AxisTable<A>& moving, float lowest, const Run& run)
      : input_(input),
        between_(between_centres(moving)),
        sides_(lowest, input.largest),
        planes_(static_cast<std::size_t>(input.planes)) {
    const std::int64_t grain = 1 + 16384 / (input.rows * input.length);
    parallel_for(input.planes, grain, run, [&](std::int64_t begin, std::int64_t end) {
      std::vector<std::uint8_t> sides(static_cast<std::size_t>(input.length) + 1);
      for (std::int64_t plane = begin; plane < end; ++plane) fill(plane, sides);
    });
  }

  struct Range {
    const Span *first, *last;
    const Span* begin() const { return first; }
    const Span* end() const { return last; }
  };

  /** Those of output rows from `plane` to the next and from `row` to the next. */
  Range at(std::int64_t plane, std::int64_t row) const {
    const Plane& found = planes_[static_cast<std::size_t>(plane)];
    const Span* spans = found.spans.data();
    const auto index = static_cast<std::size_t>(row);
    return {spans + found.begin[index], spans + found.begin[index + 1]};
  }

 private:
  struct Plane {
    std::vector<Span> spans;
    std::vector<std::size_t> begin;  // per row its first span, and one past the last
  };

  void fill(std::int64_t plane, std::vector<std::uint8_t>& sides) {
    Plane& made = planes_[static_cast<std::size_t>(plane)];
    const std::int64_t next_plane = std::min(plane + 1, input_.planes - 1);
    for (std::int64_t row = 0; row < input_.rows; ++row) {
      const std::int64_t next_row = std::min(row + 1, input_.rows - 1);
      join(input_.at(plane, row), input_.at(plane, next_row), input_.at(next_plane, row),
           input_.at(next_plane, next_row), sides.data());
      // Beyond the last centre there is no other one.
      sides[static_cast<std::size_t>(input_.length)] = 0;
      made.begin.push_back(made.spans.size());
      append(sides, made);
    }
    made.begin.push_back(made.spans.size());
  }

  void join(const A* r0, const A* r1, const A* r2, const A* r3, std::uint8_t* sides) const {
    for (std::int64_t n = 0; n < input_.length; ++n) {
      sides[n] = static_cast<std::uint8_t>(sides_.of(r0[n]) | sides_.of(r1[n]) | sides_.of(r2[n]) |
                                           sides_.of(r3[n]));
    }
  }

  /** Neighbouring stretches of one kind are one span. */
  void append(const std::vector<std::uint8_t>& sides, Plane& made) const {
    const std::size_t first = made.spans.size();
    const auto last_centre = static_cast<std::int32_t>(input_.length - 1);
    for (const auto& [low, begin, end] : between_) {
      const auto index = static_cast<std::size_t>(low);
      const int side = sides[index] | sides[index + 1];
      if (side == Sides<A>::kBelow) continue;
      const bool set = side == Sides<A>::kReached;
      const std::int32_t high = std::min(low + 1, last_centre);
      if (made.spans.size() > first) {
        Span& before = made.spans.back();
        if (before.end == begin && before.set == set) {
          before.end = end;
          before.from = std::min(before.from, low);
          before.to = std::max(before.to, high);
          continue;
        }
      }
      made.spans.push_back({begin, end, low, high, set});
    }
  }

  const Rows<A>& input_;
  std::vector<Between> between_;
  Sides<A> sides_;
  std::vector<Plane> planes_;
};

}  // namespace sextant::resample_threshold::SEXTANT_VARIANT
