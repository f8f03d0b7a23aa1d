#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "ops/move/move.hpp"
#include "test/native/tensors.hpp"

using namespace sextant;

namespace {

/** The view with its axes turned round and the first of them backwards. */
TensorView turned(TensorView view) {
  for (int axis = 0; axis < view.rank / 2; ++axis) {
    std::swap(view.shape[axis], view.shape[view.rank - 1 - axis]);
    std::swap(view.strides[axis], view.strides[view.rank - 1 - axis]);
  }
  if (view.shape[0] > 0) {
    view.data = static_cast<char*>(view.data) +
                view.strides[0] * (view.shape[0] - 1) * size_of(view.dtype);
    view.strides[0] = -view.strides[0];
  }
  return view;
}

template <class From, class To>
void move_all(const std::vector<std::int64_t>& shape, From value, Target target) {
  const std::vector<std::int64_t> reversed(shape.rbegin(), shape.rend());
  test::Field<From> input(shape);
  test::Field<To> output(reversed);
  std::fill(input.values.begin(), input.values.end(), value);
  const Cancellation cancellation;
  CoreBudget budget(2);
  Pool pool(2);
  const Run run{cancellation, target, &pool, &budget, 2};
  move::apply({turned(input.view()), output.view()}, run);
  const To expected = move::portable::Convert<From, To>{}(value);
  const auto& moved = output.values;
  REQUIRE(std::all_of(moved.begin(), moved.end(), [&](To x) { return x == expected; }));
  move::apply({input.view(), turned(output.view())}, run);
}

template <class From>
void move_to_all_types(From value) {
  for (const Target target : available_targets()) {
    if (target == Target::cuda) continue;
    for (const auto& shape : {std::vector<std::int64_t>{}, {1, 1, 1}, {0, 3, 2}, {33, 31, 32},
                              {5, 7, 130}, {4099}}) {
      move_all<From, std::uint8_t>(shape, value, target);
      move_all<From, std::int8_t>(shape, value, target);
      move_all<From, std::uint32_t>(shape, value, target);
      move_all<From, std::int32_t>(shape, value, target);
      move_all<From, std::uint64_t>(shape, value, target);
      move_all<From, std::int64_t>(shape, value, target);
      move_all<From, float>(shape, value, target);
      move_all<From, double>(shape, value, target);
    }
  }
}

}  // namespace

TEST_CASE_TEMPLATE("move stays inside its memory, at the ends of every range", T,
                   std::uint8_t, std::int16_t, std::uint32_t, std::int64_t, std::uint64_t, float,
                   double) {
  move_to_all_types<T>(std::numeric_limits<T>::max());
  move_to_all_types<T>(std::numeric_limits<T>::lowest());
}

TEST_CASE("move takes infinities, and NaN for the integer 0") {
  move_to_all_types<double>(std::numeric_limits<double>::infinity());
  test::Field<float> input({3});
  test::Field<std::int64_t> output({3});
  std::fill(input.values.begin(), input.values.end(), std::numeric_limits<float>::quiet_NaN());
  const Cancellation cancellation;
  move::apply({input.view(), output.view()}, Run{cancellation, best_cpu_target()});
  for (const std::int64_t moved : output.values) CHECK_EQ(moved, 0);
}
