#include <doctest/doctest.h>

#include <cstdint>

#include "ops/components/components.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

TEST_CASE("largest component stays inside its memory and counts what it keeps") {
  CoreBudget budget(2);
  Pool pool(2);
  const Cancellation cancellation;
  for (const Target target : available_targets()) {
    if (target == Target::cuda || target == Target::emulated) continue;
    const Run run{cancellation, target, &pool, &budget, 2};
    // The last two have several slabs of 2^18 voxels.
    for (const auto& shape : std::vector<std::vector<std::int64_t>>{
             {1, 1, 1}, {0, 2, 3}, {3, 4, 33}, {5, 31, 7}, {9, 300, 301}, {90, 91, 92}}) {
      for (const int connectivity : {6, 18, 26}) {
        test::Field<std::uint8_t> mask(shape);
        std::uint32_t noise = 1;
        for (auto& voxel : mask.values) {
          noise = noise * 1664525U + 1013904223U;
          voxel = noise >> 30 == 0 ? 1 : 0;
        }
        const auto voxels = components::apply({mask.view(), components::kAnyLabel, connectivity}, run);
        std::int64_t kept = 0;
        for (const auto voxel : mask.values) kept += voxel;
        REQUIRE_EQ(kept, voxels);
        // What is left is one component: a second look changes nothing.
        REQUIRE_EQ(components::apply({mask.view(), 1, connectivity}, run), voxels);
      }
    }
  }
}
