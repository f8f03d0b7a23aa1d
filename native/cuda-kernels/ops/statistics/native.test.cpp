#include <doctest/doctest.h>

#include <cstdint>

#include "ops/statistics/statistics.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

TEST_CASE_TEMPLATE("statistics stays inside its memory", T, std::uint8_t, std::int8_t,
                   std::uint16_t, std::int16_t, std::uint32_t, std::int32_t, std::uint64_t,
                   std::int64_t, float, double) {
  for (const Target target : available_targets()) {
    if (target == Target::cuda) continue;
    for (const auto& shape : {std::vector<std::int64_t>{}, {1, 1, 1}, {0, 3}, {31, 32, 33},
                              {70001}, {2, 1, 2, 3, 1, 2, 33, 5}}) {
      test::Field<T> input(shape);
      std::fill(input.values.begin(), input.values.end(), T(7));
      const Cancellation cancellation;
      CoreBudget budget(2);
      Pool pool(2);
      const auto moments = statistics::apply({input.view(), false},
                                             Run{cancellation, target, &pool, &budget, 2});
      REQUIRE_EQ(moments.count, static_cast<double>(input.values.size()));
      if (moments.count == 0) continue;
      REQUIRE_EQ(moments.mean, 7);
      REQUIRE_EQ(moments.m2, 0);
      REQUIRE_EQ(moments.min, 7);
      REQUIRE_EQ(moments.max, 7);
    }
  }
}
