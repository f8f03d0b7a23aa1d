#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "ops/softmax/softmax.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

TEST_CASE("softmax stays inside its memory, and every variant gives the same bits") {
  for (const std::int64_t n : {1, 31, 32, 33, 511, 512, 513}) {
    for (const std::int64_t channels : {1, 2, 7}) {
      std::vector<float> first;
      for (const Target target : available_targets()) {
        if (target == Target::cuda) continue;
        test::Field<float> input({channels, 2, 3, n});
        test::Field<float> output({channels, 2, 3, n});
        for (std::size_t v = 0; v < input.values.size(); ++v) {
          input.values[v] = static_cast<float>(static_cast<double>(v * 7919 % 2003) / 100.0 - 10.0);
        }
        softmax::Request request{input.view(), output.view()};
        const Cancellation cancellation;
        softmax::apply(request, Run{cancellation, target});
        if (first.empty()) first.assign(output.values.begin(), output.values.end());
        REQUIRE_EQ(std::memcmp(first.data(), output.values.data(), first.size() * sizeof(float)), 0);
      }
    }
  }
}

TEST_CASE("exp_below is exp to within 2 units of the last place") {
  for (float x = -87.0f; x <= 0.0f; x += 0.00137f) {
    const double wanted = std::exp(static_cast<double>(x));
    const float got = softmax::SEXTANT_VARIANT::exp_below(x);
    const double unit = std::ldexp(1.0, std::ilogb(static_cast<float>(wanted)) - 23);
    REQUIRE(std::abs(got - wanted) <= 2 * unit);
  }
}
