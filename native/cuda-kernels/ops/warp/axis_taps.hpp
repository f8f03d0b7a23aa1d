#pragma once

#include <algorithm>
#include <vector>

#include "ops/warp/warp.hpp"

namespace sextant::warp::SEXTANT_VARIANT {

/** The taps of every output index of an axis, and the stretches of indices that depend on the same points. */
class AxisTaps {
 public:
  AxisTaps(std::int64_t extent, std::int64_t points, bool cubic) {
    taps_.reserve(static_cast<std::size_t>(extent));
    for (std::int64_t o = 0; o < extent; ++o) taps_.push_back(taps_of(o, extent, points, cubic));
    for (auto& weights : weights_) weights.resize(taps_.size());
    for (std::size_t o = 0; o < taps_.size(); ++o) {
      for (int tap = 0; tap < kMostTaps; ++tap) weights_[tap][o] = taps_[o].weight[tap];
      is_dense_ &= is_point(o) && taps_[o].index[0] == static_cast<std::int64_t>(o);
    }
  }

  const Taps& at(std::int64_t o) const { return taps_[static_cast<std::size_t>(o)]; }

  /** Whether an index lies on a control point, with nothing to interpolate. */
  bool is_point(std::int64_t o) const { return at(o).count == 1 && at(o).weight[0] == 1; }

  /** Whether every index lies on a control point of its own. */
  bool is_dense() const { return is_dense_; }

  /** to[n] = the sum over the taps of index begin + n of weight times column[point]. */
  void interpolate(const double* column, std::int64_t begin, std::int64_t count, double* to) const {
    for (std::int64_t n = 0; n < count;) {
      const Taps& taps = at(begin + n);
      std::int64_t end = n + 1;
      while (end < count && depends_on_same(taps, at(begin + end))) ++end;
      std::fill(to + n, to + end, 0.0);
      for (int tap = 0; tap < taps.count; ++tap) {
        const double value = column[taps.index[tap]];
        const double* weight = weights_[tap].data() + begin;
        for (std::int64_t i = n; i < end; ++i) to[i] += weight[i] * value;
      }
      n = end;
    }
  }

 private:
  static bool depends_on_same(const Taps& a, const Taps& b) {
    return a.count == b.count && std::equal(a.index, a.index + a.count, b.index);
  }

  std::vector<Taps> taps_;
  std::vector<double> weights_[kMostTaps];
  bool is_dense_ = true;
};

}  // namespace sextant::warp::SEXTANT_VARIANT
