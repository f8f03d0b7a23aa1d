#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "ops/resample_threshold/resample_threshold.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

namespace {

/** Noise, so that spans of all kinds are met. */
template <class T>
void threshold_noise(const std::vector<std::int64_t>& from, const std::vector<std::int64_t>& to,
                     const double* map, Target target) {
  test::Field<T> input(from);
  test::Field<std::uint8_t> output(to);
  std::uint32_t state = 1;
  for (T& value : input.values) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<T>(state >> 25);
  }
  resample_threshold::Request request{input.view(), output.view(), {}, 60.0};
  std::copy(map, map + 12, request.map);
  const Cancellation cancellation;
  CoreBudget budget(2);
  Pool pool(2);
  const auto bounds = resample_threshold::apply(request, Run{cancellation, target, &pool, &budget, 2});
  const bool any = std::any_of(output.values.begin(), output.values.end(),
                               [](std::uint8_t value) { return value != 0; });
  REQUIRE_EQ(any, !bounds.empty());
}

/** Seeded whole numbers below `n`. */
class Chance {
 public:
  std::int64_t below(std::int64_t n) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::int64_t>((state_ >> 33) % static_cast<std::uint64_t>(n));
  }

 private:
  std::uint64_t state_ = 16;
};

/** At the threshold, the next float32 to it, a hair or far from it, and now and then not finite. */
float near_threshold(float threshold, Chance& chance) {
  constexpr float kFar = 1e9F;
  const float offset = static_cast<float>(chance.below(2001) - 1000);
  switch (chance.below(16)) {
    case 0:
      return std::numeric_limits<float>::infinity();
    case 1:
      return std::numeric_limits<float>::quiet_NaN();
    case 2:
      return threshold + offset * 10;
    case 3:
    case 4:
    case 5:
    case 6:
      return std::nextafter(threshold, offset > 0 ? kFar : -kFar);
    case 7:
    case 8:
    case 9:
      return threshold + offset * 1e-9F;
    default:
      return threshold;
  }
}

}  // namespace

TEST_CASE("resample_threshold sets what resample brings to the threshold, to the bit") {
  Chance chance;
  const Cancellation cancellation;
  const Run run{cancellation, Target::baseline};
  for (int round = 0; round < 1000; ++round) {
    std::vector<std::int64_t> from, to;
    double map[12] = {};
    for (int axis = 0; axis < 3; ++axis) {
      from.push_back(1 + chance.below(9));
      to.push_back(1 + chance.below(24));
      const double step = static_cast<double>(from.back()) / static_cast<double>(to.back());
      map[4 * axis + axis] = step;
      map[4 * axis + 3] = 0.5 * step - 0.5;
    }
    constexpr float kThreshold = 0.1F;
    test::Field<float> input(from), between(to);
    test::Field<std::uint8_t> output(to);
    for (float& value : input.values) value = near_threshold(kThreshold, chance);
    resample::Request both{input.view(), between.view(),          {}, resample::Interpolation::linear,
                           1.0,          0.0,                     0.0F};
    resample_threshold::Request one{input.view(), output.view(), {}, kThreshold};
    std::copy(map, map + 12, both.map);
    std::copy(map, map + 12, one.map);
    resample::apply(both, run);
    resample_threshold::apply(one, run);
    for (std::size_t n = 0; n < output.values.size(); ++n) {
      REQUIRE_EQ(output.values[n] == 1, between.values[n] >= kThreshold);
    }
  }
}

TEST_CASE_TEMPLATE("resample_threshold stays inside its memory", T, std::uint8_t, std::int8_t,
                   std::uint16_t, std::int16_t, std::uint32_t, std::int32_t, std::uint64_t,
                   std::int64_t, float, double) {
  const double maps[4][12] = {
      {0.7, 0, 0, -0.9, 0, -0.6, 0, 6.5, 0, 0, 1.3, 0.1},
      {0, 0, 0.7, -0.9, 0.6, 0, 0, -0.2, 0, 1.3, 0, 0.1},
      {0.9, 0.2, -0.1, -1.3, -0.2, 0.8, 0.15, 2.1, 0.05, -0.1, 1.1, 0.4},
      {1, 0, 0, 1e300, 0, 1, 0, -1e300, 0, 0, 1, 1e18},
  };
  for (const Target target : available_targets()) {
    if (target == Target::cuda) continue;
    for (const auto& map : maps) {
      threshold_noise<T>({7, 5, 6}, {9, 8, 10}, map, target);
      threshold_noise<T>({1, 1, 1}, {33, 31, 32}, map, target);
      threshold_noise<T>({0, 3, 2}, {4, 4, 4}, map, target);
      threshold_noise<T>({3, 3, 3}, {4, 0, 4}, map, target);
    }
  }
}
