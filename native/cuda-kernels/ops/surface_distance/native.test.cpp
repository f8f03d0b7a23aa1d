#include <doctest/doctest.h>

#include <cstdint>

#include "ops/components/components.hpp"
#include "ops/surface_distance/surface_distance.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

TEST_CASE("surface distances stay inside their memory and are the same both ways round") {
  CoreBudget budget(2);
  Pool pool(2);
  const Cancellation cancellation;
  for (const Target target : available_targets()) {
    if (target == Target::cuda) continue;
    const Run run{cancellation, target, &pool, &budget, 2};
    for (const auto& shape : std::vector<std::vector<std::int64_t>>{
             {1, 1, 1}, {0, 2, 3}, {2, 31, 33}, {33, 1, 34}, {12, 13, 9}}) {
      for (const unsigned density : {0U, 3U, 128U, 256U}) {
        test::Field<std::uint8_t> a(shape), b(shape);
        std::uint32_t noise = 1;
        for (auto* mask : {&a, &b}) {
          for (auto& voxel : mask->values) {
            noise = noise * 1664525U + 1013904223U;
            voxel = noise >> 24 < density ? 1 : 0;
          }
        }
        surface_distance::Request request{a.view(), b.view(), components::kAnyLabel, {1, 2, 3}, 95};
        const auto there = surface_distance::apply(request, run);
        std::swap(request.prediction, request.reference);
        const auto back = surface_distance::apply(request, run);
        REQUIRE_EQ(there.from_prediction.voxels, back.from_reference.voxels);
        REQUIRE_EQ(there.from_prediction.max, back.from_reference.max);
        REQUIRE_EQ(there.from_reference.percentile, back.from_prediction.percentile);
        REQUIRE_EQ(there.from_reference.mean, back.from_prediction.mean);
      }
    }
  }
}
