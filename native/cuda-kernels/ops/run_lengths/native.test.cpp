#include <doctest/doctest.h>

#include <cstdint>

#include "ops/run_lengths/run_lengths.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

TEST_CASE("run lengths stay inside the box and add up to the grid") {
  const Cancellation cancellation;
  for (const Target target : available_targets()) {
    if (target == Target::cuda || target == Target::emulated) continue;
    for (const std::int64_t n : {0, 1, 7, 8, 9, 31, 32, 33}) {
      test::Field<std::uint8_t> box({4, 3, n});
      for (std::size_t v = 0; v < box.values.size(); ++v) box.values[v] = v % 13 < 9 ? 1 : 0;
      TensorView view = box.view();
      // First axis fastest, as in files.
      std::swap(view.shape[0], view.shape[2]);
      std::swap(view.strides[0], view.strides[2]);
      const auto pairs =
          run_lengths::apply({view, {1, 2, 0}, {n + 2, 6, 5}}, Run{cancellation, target});
      std::int64_t total = 0;
      for (std::size_t p = 1; p < pairs.size(); p += 2) total += pairs[p];
      REQUIRE_EQ(total, (n + 2) * 6 * 5);
    }
  }
}
