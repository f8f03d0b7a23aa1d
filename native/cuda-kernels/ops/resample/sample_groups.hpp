#pragma once

// Samples along a row in groups of a register's width. Neighbouring outputs lie close together in the input, so
// that what a group needs is in two registers: it is shuffled out of them, in a tenth of the time that gathering
// takes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "ops/resample/resample.hpp"

namespace sextant::resample::SEXTANT_VARIANT {

/** An input axis' samples for every index of the output axis that it follows. */
template <class A>
struct AxisTable {
  int follows = -1;  // the output axis, or -1: the same everywhere
  std::vector<std::int32_t> low, high;
  std::vector<A> weight;
  // The output indices inside the field are [begin, end): positions are monotonic.
  std::int64_t begin = 0, end = 0;

  bool inside(std::int64_t at) const { return at >= begin && at < end; }
};

/** Elements behind a row's end that are read and not used, and behind a line's end that are written. */
inline constexpr std::int64_t kReadBeyond = 32;

/** Without registers for it: never fits. */
template <class A>
class SampleGroups {
 public:
  SampleGroups() = default;
  explicit SampleGroups(const AxisTable<A>&) {}
  static constexpr bool fit() { return false; }
  template <class Make>
  void each(A*, Make&&) const {}
};

#if defined(__AVX2__) && defined(__GNUC__) && !defined(__clang__)

#if defined(__AVX512F__)
inline constexpr int kLanes = 16;
#else
inline constexpr int kLanes = 8;
#endif
static_assert(2 * kLanes <= kReadBeyond);

using Floats = float __attribute__((vector_size(4 * kLanes)));
using Indices = std::int32_t __attribute__((vector_size(4 * kLanes)));

template <>
class SampleGroups<float> {
 public:
  /** Outputs side by side. */
  struct Group {
    std::int32_t base = 0;  // input index of the first lane that is read
    Indices low{}, high{};  // counted from there
    Floats weight{};

    Floats of(const float* row) const {
      Floats first, second;
      std::memcpy(&first, row + base, sizeof first);
      std::memcpy(&second, row + base + kLanes, sizeof second);
      return mixed(__builtin_shuffle(first, second, low), __builtin_shuffle(first, second, high), weight);
    }

    /** As mix(), lane by lane. */
    static Floats mixed(Floats low, Floats high, Floats weight) {
      const Floats between = low + (high - low) * weight;
      return low == high ? low : between;
    }
    static Floats mixed(Floats low, Floats high, float weight) { return mixed(low, high, Floats{} + weight); }
  };

  SampleGroups() = default;

  explicit SampleGroups(const AxisTable<float>& table) : begin_(table.begin) {
    for (std::int64_t x = table.begin; x < table.end; x += kLanes) {
      const std::int64_t count = std::min<std::int64_t>(kLanes, table.end - x);
      Group group;
      group.base = table.low[x];
      for (std::int64_t n = 0; n < count; ++n) group.base = std::min(group.base, table.low[x + n]);
      for (std::int64_t n = 0; n < count; ++n) {
        group.low[n] = table.low[x + n] - group.base;
        group.high[n] = table.high[x + n] - group.base;
        group.weight[n] = table.weight[x + n];
        if (group.high[n] >= 2 * kLanes || group.low[n] >= 2 * kLanes) {
          groups_.clear();
          return;
        }
      }
      groups_.push_back(group);
    }
  }

  bool fit() const { return !groups_.empty(); }

  /** Writes what `make` makes of each group, behind the line's end up to a group's width. */
  template <class Make>
  void each(float* __restrict line, Make&& make) const {
    float* to = line + begin_;
    for (const Group& group : groups_) {
      const Floats made = make(group);
      std::memcpy(to, &made, sizeof made);
      to += kLanes;
    }
  }

 private:
  std::int64_t begin_ = 0;
  std::vector<Group> groups_;
};

#endif

}  // namespace sextant::resample::SEXTANT_VARIANT
