#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

#include "ops/resample/resample.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

namespace {

template <class T>
void resample_all(const std::vector<std::int64_t>& from, const std::vector<std::int64_t>& to,
                  const double (&map)[12], Target target, resample::Interpolation interpolation) {
  test::Field<T> input(from);
  test::Field<float> output(to);
  std::fill(input.values.begin(), input.values.end(), T(42));
  resample::Request request{input.view(), output.view(), {}, interpolation, 1, 0, 42.0F};
  std::copy(std::begin(map), std::end(map), request.map);
  const Cancellation cancellation;
  CoreBudget budget(2);
  Pool pool(2);
  resample::apply(request, Run{cancellation, target, &pool, &budget, 2});
  for (const float value : output.values) REQUIRE_EQ(value, 42.0F);
}

}  // namespace

TEST_CASE_TEMPLATE("resample stays inside its memory and keeps a constant", T, std::uint8_t,
                   std::int8_t, std::uint16_t, std::int16_t, std::uint32_t, std::int32_t,
                   std::uint64_t, std::int64_t, float, double) {
  const double aligned[12] = {0.7, 0, 0, -0.9, 0, -0.6, 0, 6.5, 0, 0, 1.3, 0.1};
  const double permuted[12] = {0, 0, 0.7, -0.9, 0.6, 0, 0, -0.2, 0, 1.3, 0, 0.1};
  const double oblique[12] = {0.9, 0.2, -0.1, -1.3, -0.2, 0.8, 0.15, 2.1, 0.05, -0.1, 1.1, 0.4};
  const double far_away[12] = {1, 0, 0, 1e300, 0, 1, 0, -1e300, 0, 0, 1, 1e18};
  for (const Target target : available_targets()) {
    if (target == Target::cuda) continue;
    for (const auto interpolation :
         {resample::Interpolation::linear, resample::Interpolation::nearest}) {
      for (const auto& map : {aligned, permuted, oblique, far_away}) {
        double copy[12];
        std::copy(map, map + 12, copy);
        resample_all<T>({7, 5, 6}, {9, 8, 10}, copy, target, interpolation);
        resample_all<T>({1, 1, 1}, {33, 31, 32}, copy, target, interpolation);
        resample_all<T>({0, 3, 2}, {4, 4, 4}, copy, target, interpolation);
        resample_all<T>({3, 3, 3}, {4, 0, 4}, copy, target, interpolation);
      }
    }
  }
}
