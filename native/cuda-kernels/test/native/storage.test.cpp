#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <new>

#include "tensor/storage.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

TEST_CASE("storage is aligned, zero and all there") {
  for (const std::size_t bytes : {0UL, 1UL, 63UL, 64UL, 65UL, 1000003UL, 5UL << 20, (9UL << 20) + 1}) {
    const auto storage = Storage::zeroed(bytes);
    CHECK_EQ(reinterpret_cast<std::uintptr_t>(storage->data()) % 64, 0);
    for (std::size_t n = 0; n < bytes; ++n) {
      REQUIRE_EQ(static_cast<int>(storage->data()[n]), 0);
      storage->data()[n] = std::byte{255};
    }
  }
}

TEST_CASE("a size that cannot be had throws") {
  CHECK_THROWS_AS(Storage::zeroed(std::numeric_limits<std::size_t>::max()), std::bad_alloc);
}

TEST_CASE("density and count of views") {
  test::Field<std::int16_t> field({2, 3, 4});
  TensorView view = field.view();
  CHECK(is_dense_c(view));
  CHECK_EQ(element_count(view), 24);
  view.strides[1] = -4;
  CHECK_FALSE(is_dense_c(view));
  view.shape[1] = 1;
  view.shape[0] = 1;
  CHECK(is_dense_c(view));
}
