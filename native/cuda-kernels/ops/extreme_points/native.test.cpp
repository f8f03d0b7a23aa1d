#include <doctest/doctest.h>

#include <algorithm>

#include "ops/extreme_points/extreme_points.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

TEST_CASE("extreme_points stays inside its memory, with points far outside it") {
  for (const Target target : available_targets()) {
    if (target == Target::cuda) continue;
    for (const auto kernel : {extreme_points::Kernel::max, extreme_points::Kernel::monai}) {
      for (const auto& shape : {std::vector<std::int64_t>{1, 1, 1}, {0, 3, 2}, {31, 32, 33}}) {
        test::Field<float> output(shape);
        extreme_points::Request request{{}, 3, kernel, output.view()};
        request.points = {0, 0, 0, -1e300, 1e300, 5, 30.4, 1.5, 2e9};
        const Cancellation cancellation;
        CoreBudget budget(2);
        Pool pool(2);
        extreme_points::apply(request, Run{cancellation, target, &pool, &budget, 2});
        const auto& values = output.values;
        REQUIRE(std::all_of(values.begin(), values.end(), [](float x) { return x >= -1 && x <= 1; }));
        if (output.values.size() > 1) REQUIRE_EQ(output.values[0], 1.0F);
      }
    }
  }
}
