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
        const auto voxels = components::keep_largest({mask.view(), components::kAnyLabel, connectivity}, run);
        std::int64_t kept = 0;
        for (const auto voxel : mask.values) kept += voxel;
        REQUIRE_EQ(kept, voxels);
        // What is left is one component: a second look changes nothing.
        REQUIRE_EQ(components::keep_largest({mask.view(), 1, connectivity}, run), voxels);
      }
    }
  }
}

TEST_CASE("labels and holes stay inside their memory and count what they write") {
  CoreBudget budget(2);
  Pool pool(2);
  const Cancellation cancellation;
  for (const Target target : available_targets()) {
    if (target == Target::cuda || target == Target::emulated) continue;
    const Run run{cancellation, target, &pool, &budget, 2};
    for (const auto& shape : std::vector<std::vector<std::int64_t>>{
             {1, 1, 1}, {0, 2, 3}, {3, 4, 33}, {5, 31, 7}, {9, 300, 301}}) {
      for (const int connectivity : {6, 18, 26}) {
        test::Field<std::uint8_t> mask(shape);
        test::Field<std::int32_t> labels(shape);
        std::uint32_t noise = 1;
        for (auto& voxel : mask.values) {
          noise = noise * 1664525U + 1013904223U;
          voxel = noise >> 30 == 0 ? 0 : 1;
        }
        const components::Request request{mask.view(), components::kAnyLabel, connectivity};
        const auto sizes = components::label(request, labels.view(), run);
        std::vector<std::int64_t> counted(sizes.size() + 1, 0);
        for (const auto number : labels.values) ++counted[static_cast<std::size_t>(number)];
        for (std::size_t n = 0; n < sizes.size(); ++n) REQUIRE_EQ(counted[n + 1], sizes[n]);
        std::int64_t before = 0, after = 0;
        for (const auto voxel : mask.values) before += voxel;
        const auto filled = components::fill_holes(request, run);
        for (const auto voxel : mask.values) after += voxel;
        REQUIRE_EQ(after - before, filled);
        REQUIRE_EQ(components::fill_holes(request, run), 0);
      }
    }
  }
}
