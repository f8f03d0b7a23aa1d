#include <doctest/doctest.h>

#include <cstdint>

#include "ops/argmax/argmax.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

TEST_CASE("argmax stays inside its memory, for rows of any length and either stride") {
  for (const Target target : available_targets()) {
    if (target == Target::cuda) continue;
    for (const std::int64_t n : {1, 31, 32, 33, 511, 512, 513}) {
      for (const std::int64_t channels : {1, 2, 256}) {
        test::Field<float> input({channels, 2, 3, n});
        test::Field<std::uint8_t> output({2, 3, n});
        for (std::size_t v = 0; v < output.values.size(); ++v) {
          input.values[(static_cast<std::size_t>(channels) - 1) * output.values.size() + v] = 1;
        }
        argmax::Request request{input.view(), output.view()};
        const Cancellation cancellation;
        argmax::apply(request, Run{cancellation, target});
        for (const auto winner : output.values) REQUIRE_EQ(winner, channels - 1);
        std::swap(request.input.shape[1], request.input.shape[3]);
        std::swap(request.input.strides[1], request.input.strides[3]);
        std::swap(request.output.shape[0], request.output.shape[2]);
        std::swap(request.output.strides[0], request.output.strides[2]);
        argmax::apply(request, Run{cancellation, target});
        for (const auto winner : output.values) REQUIRE_EQ(winner, channels - 1);
      }
    }
  }
}
