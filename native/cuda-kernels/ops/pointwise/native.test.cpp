#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

#include "ops/pointwise/pointwise.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

namespace {

template <class T, class Output>
void map_all(pointwise::Map map, const std::vector<std::int64_t>& shape, Output expected) {
  for (const Target target : available_targets()) {
    if (target == Target::cuda) continue;
    test::Field<T> input(shape);
    test::Field<Output> output(shape);
    std::fill(input.values.begin(), input.values.end(), T(6));
    pointwise::Request request{input.view(), output.view(), map, 2, 4, -100, 100, true, {}};
    request.table[6] = 9;
    const Cancellation cancellation;
    CoreBudget budget(2);
    Pool pool(2);
    pointwise::apply(request, Run{cancellation, target, &pool, &budget, 2});
    const auto& values = output.values;
    REQUIRE(std::all_of(values.begin(), values.end(), [&](Output x) { return x == expected; }));
  }
}

}  // namespace

TEST_CASE_TEMPLATE("pointwise stays inside its memory", T, std::uint8_t, std::int8_t,
                   std::uint16_t, std::int16_t, std::uint32_t, std::int32_t, std::uint64_t,
                   std::int64_t, float, double) {
  for (const auto& shape :
       {std::vector<std::int64_t>{}, {1, 1, 1}, {0, 3}, {31, 32, 33}, {65537}}) {
    map_all<T, float>(pointwise::Map::scale, shape, 16.0F);
    map_all<T, float>(pointwise::Map::standardise, shape, 1.0F);
    map_all<T, float>(pointwise::Map::clip, shape, 6.0F);
    map_all<T, std::uint8_t>(pointwise::Map::threshold, shape, 1);
    map_all<T, float>(pointwise::Map::finite, shape, 6.0F);
    map_all<T, float>(pointwise::Map::gamma, shape, -43.82F);
    map_all<T, std::uint8_t>(pointwise::Map::lookup, shape, 9);
  }
}
