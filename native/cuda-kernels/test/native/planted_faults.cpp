#include "test/native/planted_faults.hpp"

#include <cstdio>
#include <limits>

#include "ops/cancellation.hpp"
#include "ops/resample/resample.hpp"
#include "test/native/tensors.hpp"

namespace sextant::test {

namespace {

// The faults happen inside an operation or on its data, where real ones would.

/** An output view of 2x2x3 over memory for 2x2x2. */
void heap_overflow() {
  Field<float> input({2, 2, 2}), output({2, 2, 2});
  resample::Request request{};
  request.input = input.view();
  request.output = output.view();
  request.output.shape[0] = 3;
  const double identity[12] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
  for (int n = 0; n < 12; ++n) request.map[n] = identity[n];
  request.slope = 1;
  const Cancellation cancellation;
  resample::apply(request, Run{cancellation, best_cpu_target()});
}

/** The element count of a shape that no checked argument could have. */
std::int64_t signed_overflow() {
  TensorView view{};
  view.rank = 2;
  view.shape[0] = view.shape[1] = std::numeric_limits<std::int64_t>::max() / 2;
  return element_count(view);
}

void leak() {
  // Through a volatile pointer, so that the compiler cannot leave the allocation out.
  static_cast<void>(*new char* volatile(new char[1000]));
}

}  // namespace

int plant(const std::string& fault) {
  if (fault == "heap-overflow") {
    heap_overflow();
  } else if (fault == "signed-overflow") {
    std::printf("%lld\n", static_cast<long long>(signed_overflow()));
  } else if (fault == "leak") {
    leak();
  } else {
    std::fprintf(stderr, "no such fault: %s\n", fault.c_str());
    return 2;
  }
  std::printf("planted %s and nothing was said\n", fault.c_str());
  return 0;
}

}  // namespace sextant::test
