// The arithmetic of statistics: one value as moments, and two moments as one.
#pragma once

#include <cstdint>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::statistics {

/** Everything known of a set of values. `m2` is the sum of squared deviations from their mean. */
struct Moments {
  double count = 0;  // of finite values; exact to 2^53
  // The mean as two numbers whose sum it is. Its own rounding would cost the deviations of values
  // with a large offset half their digits when moments are joined.
  double mean = 0;
  double mean_rest = 0;
  double m2 = 0;
  double min = __builtin_huge_val();
  double max = -__builtin_huge_val();
  std::int64_t nan_count = 0;
  std::int64_t inf_count = 0;
};

struct Request {
  TensorView input;
  bool skip_zeros;
};

SEXTANT_TARGETS_COOPERATING(Moments apply(const Request& request, const Run& run))

inline Moments apply(const Request& request, const Run& run) {
  return SEXTANT_PICK_COOPERATING(run.target, apply)(request, run);
}

}  // namespace sextant::statistics

namespace sextant::statistics::SEXTANT_VARIANT {

/** One value as moments. */
struct MomentsOf {
  bool skip_zeros;

  SEXTANT_HD Moments operator()(double x) const {
    Moments m;
    if (x != x) {
      m.nan_count = 1;
    } else if (x - x != 0) {
      m.inf_count = 1;
    } else if (!(skip_zeros && x == 0)) {
      m.count = 1;
      m.mean = m.min = m.max = x;
    }
    return m;
  }
};

/** Chan's update: exact in theory and stable in floating point, in whatever tree it is applied. */
struct MomentsUnion {
  SEXTANT_HD Moments operator()(const Moments& a, const Moments& b) const {
    Moments m = a.count > 0 ? a : b;
    if (a.count > 0 && b.count > 0) {
      m.count = a.count + b.count;
      const double delta = (b.mean - a.mean) + (b.mean_rest - a.mean_rest);
      set_mean(m, a.mean, a.mean_rest + delta * (b.count / m.count));
      m.m2 = a.m2 + b.m2 + delta * delta * (a.count * b.count / m.count);
    }
    m.min = b.min < a.min ? b.min : a.min;
    m.max = b.max > a.max ? b.max : a.max;
    m.nan_count = a.nan_count + b.nan_count;
    m.inf_count = a.inf_count + b.inf_count;
    return m;
  }

  /** Knuth's sum of two numbers and its error. */
  SEXTANT_HD static void set_mean(Moments& m, double mean, double correction) {
    m.mean = mean + correction;
    const double taken = m.mean - mean;
    m.mean_rest = (mean - (m.mean - taken)) + (correction - taken);
  }
};

}  // namespace sextant::statistics::SEXTANT_VARIANT
