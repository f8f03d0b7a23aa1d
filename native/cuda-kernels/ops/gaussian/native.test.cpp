#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "ops/gaussian/gaussian.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

TEST_CASE_TEMPLATE("smoothing stays inside its memory and keeps a constant", T, std::uint8_t,
                   std::int16_t, std::int64_t, float, double) {
  CoreBudget budget(2);
  Pool pool(2);
  const Cancellation cancellation;
  for (const Target target : available_targets()) {
    if (target == Target::cuda) continue;
    const Run run{cancellation, target, &pool, &budget, 2};
    for (const auto& shape : std::vector<std::vector<std::int64_t>>{
             {1}, {65}, {0, 3}, {1, 1, 1}, {2, 31, 33}, {32, 1, 34}, {2, 3, 31, 65}}) {
      for (const auto border :
           {Border::nearest, Border::reflect, Border::constant}) {
        test::Field<T> input(shape);
        test::Field<float> output(shape);
        std::fill(input.values.begin(), input.values.end(), T(42));
        gaussian::Request request{input.view(), output.view(), border, 42, {}};
        gaussian::apply(request, run);
        for (const float value : output.values) REQUIRE_EQ(value, 42.0F);
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
          request.weights[axis] = axis % 2 == 0 ? std::vector{0.5, 0.125, 0.125} : std::vector{1.0};
        }
        gaussian::apply(request, run);
        for (const float value : output.values) REQUIRE_EQ(value, 42.0F);
      }
    }
  }
}
