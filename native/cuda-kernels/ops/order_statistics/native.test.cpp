#include <doctest/doctest.h>

#include <limits>

#include "ops/order_statistics/order_statistics.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

namespace {

std::vector<double> percentiles_of(test::Field<float>& input, Target target) {
  const Cancellation cancellation;
  CoreBudget budget(2);
  Pool pool(2);
  const Run run{cancellation, target, &pool, &budget, 2};
  return order_statistics::apply({input.view(), {0, 25, 50, 99.5, 100}}, run);
}

}  // namespace

TEST_CASE("order_statistics stays inside its memory, whatever the values") {
  for (const Target target : available_targets()) {
    if (target == Target::cuda) continue;
    for (const std::int64_t count : {1, 2, 31, 32, 33, 200001}) {
      test::Field<float> input({count});
      for (std::int64_t n = 0; n < count; ++n) {
        input.values[static_cast<std::size_t>(n)] = static_cast<float>(count - 1 - n);
      }
      const auto results = percentiles_of(input, target);
      CHECK_EQ(results.front(), 0);
      CHECK_EQ(results.back(), static_cast<double>(count - 1));
      std::fill(input.values.begin(), input.values.end(), -std::numeric_limits<float>::infinity());
      for (const double result : percentiles_of(input, target)) {
        CHECK_EQ(result, -std::numeric_limits<double>::infinity());
      }
    }
  }
}

TEST_CASE("order_statistics refuses a NaN") {
  test::Field<float> input({40});
  input.values.back() = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_AS(percentiles_of(input, best_cpu_target()), OperationError);
}
