#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "ops/warp/warp.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

namespace {

template <class T>
void warp_all(const std::vector<std::int64_t>& from, const std::vector<std::int64_t>& to,
              const std::vector<std::int64_t>& points, bool cubic, const Run& run) {
  for (const auto border : {Border::nearest, Border::reflect, Border::constant}) {
    for (const auto interpolation :
         {resample::Interpolation::linear, resample::Interpolation::nearest}) {
      test::Field<T> input(from);
      test::Field<float> output(to);
      test::Field<float> displacement({3, points[0], points[1], points[2]});
      std::fill(input.values.begin(), input.values.end(), T(42));
      const float odd[] = {0.0F, 0.4F, -3.6F, 1e30F, -1e30F, std::numeric_limits<float>::quiet_NaN()};
      for (std::size_t n = 0; n < displacement.values.size(); ++n) {
        displacement.values[n] = odd[n * 7 % 11 % 6];
      }
      warp::Request request{{input.view(), output.view(), {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0},
                             interpolation, 1, 0, 42},
                            displacement.view(), cubic, border};
      warp::apply(request, run);
      for (const float value : output.values) REQUIRE_EQ(value, 42.0F);
    }
  }
}

}  // namespace

TEST_CASE_TEMPLATE("warp stays inside its memory and keeps a constant", T, std::uint8_t, std::int16_t,
                   std::int64_t, float) {
  CoreBudget budget(2);
  Pool pool(2);
  const Cancellation cancellation;
  for (const Target target : available_targets()) {
    if (target == Target::cuda) continue;
    const Run run{cancellation, target, &pool, &budget, 2};
    for (const bool cubic : {false, true}) {
      warp_all<T>({7, 5, 6}, {9, 8, 33}, {9, 8, 33}, cubic, run);
      warp_all<T>({7, 5, 6}, {9, 18, 33}, {4, 1, 2}, cubic, run);
      warp_all<T>({1, 1, 1}, {1, 1, 1}, {3, 2, 1}, cubic, run);
      warp_all<T>({0, 3, 2}, {4, 4, 4}, {2, 2, 2}, cubic, run);
      warp_all<T>({3, 3, 3}, {4, 0, 4}, {2, 2, 2}, cubic, run);
    }
  }
}
