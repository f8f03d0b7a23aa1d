// The arithmetic of order statistics: float32 as keys that sort as integers, three digits of a
// key, and numpy's interpolation between two neighbours.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "ops/operation_error.hpp"
#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::order_statistics {

struct Request {
  TensorView input;  // float32, not empty
  std::vector<double> percents;
};

/** The percentiles in the order of `percents`. Throws OperationError where a value is NaN. */
SEXTANT_TARGETS_COOPERATING(std::vector<double> apply(const Request& request, const Run& run))

inline std::vector<double> apply(const Request& request, const Run& run) {
  return SEXTANT_PICK_COOPERATING(run.target, apply)(request, run);
}

}  // namespace sextant::order_statistics

namespace sextant::order_statistics::SEXTANT_VARIANT {

/** Flips a float's bits so that unsigned order is numeric order; -0 comes just before +0. */
struct KeyOfFloat {
  SEXTANT_HD std::uint32_t operator()(float x) const {
    std::uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    const std::uint32_t sign = bits >> 31;
    return bits ^ ((0u - sign) | 0x80000000u);
  }
};

struct FloatOfKey {
  SEXTANT_HD float operator()(std::uint32_t key) const {
    const std::uint32_t bits = key ^ ((key >> 31) != 0 ? 0x80000000u : 0xFFFFFFFFu);
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
  }
};

constexpr int kDigits = 3;
constexpr int kDigitBins = 2048;

/** Where a digit begins in a key: 11, 11 and 10 bits from the most significant one. */
SEXTANT_HD int shift_of_digit(int digit) { return digit == 0 ? 21 : digit == 1 ? 10 : 0; }

SEXTANT_HD std::uint32_t digit_of_key(std::uint32_t key, int digit) {
  return (key >> shift_of_digit(digit)) & (digit == kDigits - 1 ? 1023u : 2047u);
}

SEXTANT_HD std::uint32_t key_of_digit(std::uint32_t value, int digit) {
  return value << shift_of_digit(digit);
}

[[noreturn]] inline void refuse_nan() {
  throw OperationError("ARGUMENT_INVALID", "input", "a NaN", "values with an order");
}

/** Where a percentile lies among `count` sorted values: between ranks `below` and `above`. */
struct RankOfPercent {
  std::int64_t below;
  std::int64_t above;
  double t;
};

inline RankOfPercent rank_of_percent(double percent, std::int64_t count) {
  const double position = percent / 100 * static_cast<double>(count - 1);
  const double floor = std::floor(position);
  const auto below = static_cast<std::int64_t>(floor);
  return {below, below + 1 < count ? below + 1 : below, position - floor};
}

/** numpy's lerp: from the nearer end, so that it is monotonic and exact at both. */
inline double interpolate_ranks(double a, double b, double t) {
  if (a == b) return a + 0.0;
  const double width = b - a;
  return t >= 0.5 ? b - width * (1 - t) : a + width * t;
}

}  // namespace sextant::order_statistics::SEXTANT_VARIANT
