#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

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

}  // namespace

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
