// The native test binary: doctest's own arguments, or `--plant=<fault>`, which commits one fault on
// purpose. scripts/sanitize.mjs runs each of them to prove that the sanitizers would speak.

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <cstring>

#include "test/native/planted_faults.hpp"

int main(int argc, char** argv) {
  for (int n = 1; n < argc; ++n) {
    if (std::strncmp(argv[n], "--plant=", 8) == 0) return sextant::test::plant(argv[n] + 8);
  }
  doctest::Context context(argc, argv);
  return context.run();
}
