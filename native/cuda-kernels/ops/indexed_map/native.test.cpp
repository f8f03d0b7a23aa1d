#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

#include "ops/indexed_map/indexed_map.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

TEST_CASE_TEMPLATE("indexed_map stays inside its memory", T, std::uint8_t, std::int8_t,
                   std::uint16_t, std::int16_t, std::uint32_t, std::int32_t, std::uint64_t,
                   std::int64_t, float, double) {
  for (const Target target : available_targets()) {
    if (target == Target::cuda) continue;
    for (const auto& shape :
         {std::vector<std::int64_t>{1, 1, 1}, {0, 3, 2}, {31, 32, 33}, {2, 3, 5, 7}}) {
      test::Field<T> input(shape);
      test::Field<float> output(shape);
      std::fill(input.values.begin(), input.values.end(), T(6));
      for (const auto map : {indexed_map::Map::noise, indexed_map::Map::bias}) {
        indexed_map::Request request{};
        request.input = input.view();
        request.output = output.view();
        request.map = map;
        const Cancellation cancellation;
        CoreBudget budget(2);
        Pool pool(2);
        indexed_map::apply(request, Run{cancellation, target, &pool, &budget, 2});
        const auto& values = output.values;
        REQUIRE(std::all_of(values.begin(), values.end(), [](float x) { return x == 6.0F; }));
      }
    }
  }
}
