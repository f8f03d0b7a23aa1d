// Statistics of integers of up to 32 bits, the types of most image files. Their sums are whole numbers
// and exact, so the elements may come in whatever order is fastest: that of the memory.
#pragma once

#include <cstdint>
#include <limits>
#include <mutex>
#include <type_traits>

#include "ops/statistics/statistics.hpp"
#include "ops/strided_walk.hpp"

namespace sextant::statistics::SEXTANT_VARIANT {

/** Extremes start at the ends of T, so that they need no flag; without elements they mean nothing. */
template <class T>
struct Totals {
  std::int64_t count = 0;
  std::int64_t sum = 0;
  unsigned __int128 squares = 0;  // 2^31 elements of 16 bits would fill 64
  T min = std::numeric_limits<T>::max();
  T max = std::numeric_limits<T>::lowest();

  void add(const Totals& other) {
    count += other.count;
    sum += other.sum;
    squares += other.squares;
    min = other.min < min ? other.min : min;
    max = other.max > max ? other.max : max;
  }
};

/** Of more 32-bit elements, the count times the sum of the squares might not fit 128 bits. */
constexpr std::int64_t kMostElements = std::int64_t{1} << 31;

/** The squares' sum in whole numbers: as narrow as a piece allows, since more of those fit a vector. */
template <class T>
struct Squares {
  std::conditional_t<sizeof(T) == 1, std::uint32_t, std::uint64_t> sum = 0;

  void add(T x) {
    const auto wide = static_cast<std::uint32_t>(static_cast<std::int32_t>(x));
    sum += wide * wide;
  }
  unsigned __int128 total() const { return sum; }
};

template <class T>
  requires(sizeof(T) == 4)
struct Squares<T> {
  std::uint64_t low = 0, high = 0;

  void add(T x) {
    const auto wide = static_cast<std::uint64_t>(static_cast<std::int64_t>(x));
    const std::uint64_t square = wide * wide;
    low += square & 0xffffffff;
    high += square >> 32;
  }
  unsigned __int128 total() const { return (static_cast<unsigned __int128>(high) << 32) + low; }
};

// The sum of so many 16-bit elements fits 32 bits, and so does the sum of so many 8-bit squares.
constexpr std::int64_t kPiece = 16384;
static_assert(sextant::SEXTANT_VARIANT::kRowPiece <= kPiece);

/** Loops that the compiler makes vectors of; `n` is at most kPiece. */
template <class T, bool skip_zeros, bool dense>
Totals<T> totals_of_piece(const T* row, std::int64_t stride, int n) {
  Totals<T> t;
  std::conditional_t<sizeof(T) == 4, std::int64_t, std::int32_t> sum = 0;
  Squares<T> squares;
  std::int32_t zeros = 0;
  for (int i = 0; i < n; ++i) {
    const T x = dense ? row[i] : row[i * stride];
    sum += x;
    squares.add(x);
    if constexpr (skip_zeros) zeros += x == 0;
  }
  T min = t.min, max = t.max;
  for (int i = 0; i < n; ++i) {
    const T x = dense ? row[i] : row[i * stride];
    T low = x, high = x;
    if constexpr (skip_zeros) {
      // A zero gets the bits of T's ends; said without a branch, for a vector.
      const T zero = static_cast<T>(-(x == 0));
      low = static_cast<T>(x | (zero & std::numeric_limits<T>::max()));
      high = static_cast<T>(x | (zero & std::numeric_limits<T>::lowest()));
    }
    min = low < min ? low : min;
    max = high > max ? high : max;
  }
  t.min = min;
  t.max = max;
  t.count = n - zeros;
  t.sum = sum;
  t.squares = squares.total();
  return t;
}

template <class T>
using TotalsOfPiece = Totals<T> (*)(const T* row, std::int64_t stride, int n);

template <class T>
TotalsOfPiece<T> totals_function(bool skip_zeros, bool dense) {
  if (dense) return skip_zeros ? totals_of_piece<T, true, true> : totals_of_piece<T, false, true>;
  return skip_zeros ? totals_of_piece<T, true, false> : totals_of_piece<T, false, false>;
}

template <class T>
Totals<T> totals_of_view(const TensorView& view, bool skip_zeros, const Run& run) {
  using namespace sextant::SEXTANT_VARIANT;
  Totals<T> totals;
  if (element_count(view) == 0) return totals;
  const WalkPlan plan = plan_walk(view, view);
  const WalkUnits units(plan, sizeof(T));
  const std::int64_t stride = plan.in[plan.rank - 1];
  const TotalsOfPiece<T> totals_of = totals_function<T>(skip_zeros, stride == 1);
  std::mutex mutex;
  parallel_for(units.count(), units.grain(), run, [&](std::int64_t begin, std::int64_t end) {
    Totals<T> of_tile;
    units.for_each(begin, end, [&](const WalkUnit& unit) {
      const T* row = static_cast<const T*>(view.data) + unit.in;
      of_tile.add(totals_of(row, stride, static_cast<int>(unit.columns)));
    });
    const std::lock_guard lock(mutex);
    totals.add(of_tile);
  });
  return totals;
}

/** The squared deviations are count * squares - sum^2 over count: whole numbers to the last division. */
template <class T>
Moments moments_of_totals(const Totals<T>& t) {
  Moments m;
  if (t.count == 0) return m;
  const auto count = static_cast<unsigned __int128>(t.count);
  const __int128 sum = t.sum;
  m.count = static_cast<double>(t.count);
  m.mean = static_cast<double>(t.sum) / m.count;
  m.m2 = static_cast<double>(count * t.squares - static_cast<unsigned __int128>(sum * sum)) / m.count;
  m.min = static_cast<double>(t.min);
  m.max = static_cast<double>(t.max);
  return m;
}

}  // namespace sextant::statistics::SEXTANT_VARIANT
