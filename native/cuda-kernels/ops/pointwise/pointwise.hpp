// The arithmetic of the pointwise maps, one function object each. They compute in float64 and round
// once to the output's type, so that all variants and devices agree bit for bit.
#pragma once

#include <cmath>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::pointwise {

/** The order is contract with index.ts. */
enum class Map : int { scale, standardise, clip, threshold, finite, gamma, lookup };

/** Input and output have one shape and are apart, or the same elements (in place). */
struct Request {
  TensorView input;
  TensorView output;  // uint8 for threshold and lookup, else float32
  Map map;
  // scale: x * a + b; standardise: (x - a) / b; threshold: x >= a; gamma: the exponent a. Unused: 0.
  double a;
  double b;
  // The range of clip, scale and gamma; what finite puts for NaN and -infinity, and for +infinity.
  double low;
  double high;
  bool keep_zeros;
  // lookup: what each of the whole numbers 0 to 255 becomes; all else becomes 0.
  std::uint8_t table[256];
};

SEXTANT_TARGETS(void apply(const Request& request, const Run& run))

inline void apply(const Request& request, const Run& run) {
  SEXTANT_PICK(run.target, apply)(request, run);
}

}  // namespace sextant::pointwise

namespace sextant::pointwise::SEXTANT_VARIANT {

/** NaN stays NaN. */
SEXTANT_HD double clip_value(double x, double low, double high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

struct ScaleMap {
  using Output = float;
  Request m;

  SEXTANT_HD Output operator()(double x) const {
    const double y = clip_value(x * m.a + m.b, m.low, m.high);
    return static_cast<Output>(m.keep_zeros && x == 0 ? 0 : y);
  }
};

struct StandardiseMap {
  using Output = float;
  Request m;

  SEXTANT_HD Output operator()(double x) const {
    const double y = (x - m.a) / m.b;
    return static_cast<Output>(m.keep_zeros && x == 0 ? 0 : y);
  }
};

struct ClipMap {
  using Output = float;
  Request m;

  SEXTANT_HD Output operator()(double x) const {
    return static_cast<Output>(clip_value(x, m.low, m.high));
  }
};

struct ThresholdMap {
  using Output = std::uint8_t;
  Request m;

  SEXTANT_HD Output operator()(double x) const { return x >= m.a ? 1 : 0; }
};

struct FiniteMap {
  using Output = float;
  Request m;

  SEXTANT_HD Output operator()(double x) const {
    constexpr double kInfinity = __builtin_huge_val();
    const double y = x == kInfinity ? m.high : x;
    return static_cast<Output>(x != x || x == -kInfinity ? m.low : y);
  }
};

struct GammaMap {
  using Output = float;
  Request m;

  SEXTANT_HD Output operator()(double x) const {
    const double range = m.high - m.low;
    const double part = clip_value((x - m.low) / range, 0, 1);
    return static_cast<Output>(m.low + range * pow(part, m.a));
  }
};

struct LookupMap {
  using Output = std::uint8_t;
  Request m;

  SEXTANT_HD Output operator()(double x) const {
    const bool known = x >= 0 && x <= 255;
    const int at = known ? static_cast<int>(x) : 0;
    return known && at == x ? m.table[at] : 0;
  }
};

/** Calls `f.template operator()<Function>()` with the function object of `map`. */
template <class F>
auto with_map(Map map, F&& f) {
  switch (map) {
    case Map::scale:
      return f.template operator()<ScaleMap>();
    case Map::standardise:
      return f.template operator()<StandardiseMap>();
    case Map::clip:
      return f.template operator()<ClipMap>();
    case Map::threshold:
      return f.template operator()<ThresholdMap>();
    case Map::finite:
      return f.template operator()<FiniteMap>();
    case Map::gamma:
      return f.template operator()<GammaMap>();
    default:
      return f.template operator()<LookupMap>();
  }
}

}  // namespace sextant::pointwise::SEXTANT_VARIANT
