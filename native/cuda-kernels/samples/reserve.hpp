#pragma once

#include <cstdint>

namespace sextant::samples {

/**
 * Has the file system set so many bytes of an open file aside, which is then as long. The error number where there
 * is no room for them; else 0, also where the file system makes no promises.
 */
int reserve(int descriptor, std::int64_t bytes);

}  // namespace sextant::samples
