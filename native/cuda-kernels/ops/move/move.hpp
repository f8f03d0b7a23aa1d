// The arithmetic of a move: one value from one type to another. Saturating; reals go to integers
// by rounding half to even and NaN becomes 0; a float64 too large for float32 becomes infinite.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::move {

/** Input and output have one shape and share no memory. */
struct Request {
  TensorView input;
  TensorView output;
};

SEXTANT_TARGETS(void apply(const Request& request, const Run& run))

inline void apply(const Request& request, const Run& run) {
  SEXTANT_PICK(run.target, apply)(request, run);
}

}  // namespace sextant::move

namespace sextant::move::SEXTANT_VARIANT {

template <class From, class To>
struct Convert {
  SEXTANT_HD To operator()(From x) const {
    if constexpr (std::is_same_v<From, To>) {
      return x;
    } else if constexpr (std::is_floating_point_v<To>) {
      return static_cast<To>(x);
    } else if constexpr (!std::is_floating_point_v<From>) {
      return from_integer(x);
    } else if constexpr (sizeof(To) == 8) {
      return from_real_wide(x);
    } else {
      return from_real(x);
    }
  }

 private:
  static constexpr To kLowest = std::numeric_limits<To>::lowest();
  static constexpr To kMax = std::numeric_limits<To>::max();

  /** In which the bounds are exact: float32 for 16 bits of a float32, float64 for 32 bits. */
  using Real = std::conditional_t<sizeof(To) <= 2, From, double>;

  /** Without branches, so that it vectorises. */
  SEXTANT_HD static To from_real(Real x) {
    constexpr Real low = kLowest;
    constexpr Real high = kMax;
    x = x != x ? 0 : x;
    x = x < low ? low : x;
    x = x > high ? high : x;
    return static_cast<To>(half_to_even(x));
  }

  SEXTANT_HD static float half_to_even(float x) { return rintf(x); }
  SEXTANT_HD static double half_to_even(double x) { return rint(x); }

  /** The largest 64-bit integers are no float64: compare with the power of two above them. */
  SEXTANT_HD static To from_real_wide(double x) {
    constexpr double low = static_cast<double>(kLowest);
    constexpr double beyond = std::is_signed_v<To> ? 9223372036854775808.0 : 18446744073709551616.0;
    if (x != x) return 0;
    if (x <= low) return kLowest;
    if (x >= beyond) return kMax;
    return static_cast<To>(rint(x));
  }

  SEXTANT_HD static To from_integer(From x) {
    if constexpr (std::is_signed_v<From> && !std::is_signed_v<To>) {
      if (x < 0) return 0;
    }
    if constexpr (std::is_signed_v<From> && std::is_signed_v<To> && sizeof(From) > sizeof(To)) {
      if (x < static_cast<From>(kLowest)) return kLowest;
    }
    if constexpr (digits<From>() > digits<To>()) {
      if (x > static_cast<From>(kMax)) return kMax;
    }
    return static_cast<To>(x);
  }

  template <class T>
  static constexpr int digits() {
    return std::numeric_limits<T>::digits;
  }
};

}  // namespace sextant::move::SEXTANT_VARIANT
