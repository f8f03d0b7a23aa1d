#pragma once

#include <string>

namespace sextant::test {

/** Commits `heap-overflow`, `signed-overflow` or `leak`. Returns 0: only a sanitizer fails the run. */
int plant(const std::string& fault);

}  // namespace sextant::test
