#include <doctest/doctest.h>

#include <cstdint>

#include "ops/overlap/overlap.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

TEST_CASE("overlap stays inside its memory and counts every voxel once") {
  CoreBudget budget(2);
  Pool pool(2);
  const Cancellation cancellation;
  for (const Target target : available_targets()) {
    if (target == Target::cuda || target == Target::emulated) continue;
    const Run run{cancellation, target, &pool, &budget, 2};
    for (const auto& shape :
         std::vector<std::vector<std::int64_t>>{{1}, {0, 2}, {7}, {8}, {9}, {33, 1, 31}, {70, 80, 90}}) {
      test::Field<std::uint8_t> a(shape), b(shape);
      for (std::size_t n = 0; n < a.values.size(); ++n) {
        a.values[n] = static_cast<std::uint8_t>(n / 13 % 256);
        b.values[n] = static_cast<std::uint8_t>(n / 26 % 256);
      }
      const overlap::Counts counts = overlap::apply({a.view(), b.view()}, run);
      std::int64_t in_a = 0, in_b = 0, same = 0, expected = 0;
      for (std::size_t label = 0; label < overlap::kLabels; ++label) {
        in_a += counts.prediction[label];
        in_b += counts.reference[label];
        same += counts.shared[label];
      }
      for (std::size_t n = 0; n < a.values.size(); ++n) expected += a.values[n] == b.values[n];
      REQUIRE_EQ(in_a, static_cast<std::int64_t>(a.values.size()));
      REQUIRE_EQ(in_b, static_cast<std::int64_t>(b.values.size()));
      REQUIRE_EQ(same, expected);
    }
  }
}
