#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "ops/distance/distance.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

TEST_CASE("distances stay inside their memory and grow by no more than a step") {
  CoreBudget budget(2);
  Pool pool(2);
  const Cancellation cancellation;
  for (const Target target : available_targets()) {
    if (target == Target::cuda) continue;
    const Run run{cancellation, target, &pool, &budget, 2};
    for (const auto& shape : std::vector<std::vector<std::int64_t>>{
             {1, 1, 1}, {0, 2, 3}, {3, 0, 3}, {2, 31, 33}, {33, 1, 34}, {40, 33, 2}}) {
      for (const unsigned zeros : {0U, 1U, 40U, 256U}) {
        test::Field<std::uint8_t> mask(shape);
        test::Field<float> output(shape);
        std::uint32_t noise = 1;
        for (auto& voxel : mask.values) {
          noise = noise * 1664525U + 1013904223U;
          voxel = noise >> 24 < zeros ? 0 : 1;
        }
        distance::apply({mask.view(), output.view(), {1, 1, 1}}, run);
        for (std::size_t n = 0; n < output.values.size(); ++n) {
          REQUIRE_EQ(output.values[n] == 0, mask.values[n] == 0);
          const bool row_goes_on = (n + 1) % static_cast<std::size_t>(shape[2]) != 0;
          if (!row_goes_on || std::isinf(output.values[n])) continue;
          REQUIRE_LE(std::abs(output.values[n] - output.values[n + 1]), 1.0F);
        }
      }
    }
  }
}
