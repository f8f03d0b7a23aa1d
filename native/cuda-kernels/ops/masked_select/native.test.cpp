#include <doctest/doctest.h>

#include <cstdint>

#include "ops/masked_select/masked_select.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

TEST_CASE("selected elements fill the output to its end, and one that does not fit stays as it is") {
  const Cancellation cancellation;
  for (const Target target : available_targets()) {
    if (target == Target::cuda || target == Target::emulated) continue;
    for (const std::int64_t n : {0, 1, 31, 32, 33, 40000}) {
      test::Field<std::int16_t> input({3, n});
      test::Field<std::uint8_t> mask({3, n});
      std::int64_t count = 0;
      for (std::size_t v = 0; v < mask.values.size(); ++v) {
        input.values[v] = static_cast<std::int16_t>(v % 1000 + 1);
        mask.values[v] = v % 7 < 3 ? 1 : 0;
        count += mask.values[v];
      }
      test::Field<std::int16_t> output({count});
      const Run run{cancellation, target};
      REQUIRE_EQ(masked_select::apply({input.view(), mask.view(), output.view()}, run), count);
      for (const std::int16_t value : output.values) REQUIRE(value > 0);
      test::Field<std::int16_t> longer({count + 1});
      REQUIRE_EQ(masked_select::apply({input.view(), mask.view(), longer.view()}, run), count);
      for (const std::int16_t value : longer.values) REQUIRE_EQ(value, 0);
    }
  }
}
