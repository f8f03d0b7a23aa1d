#include "samples/reserve.hpp"

#include <fcntl.h>

#include <cerrno>

namespace sextant::samples {

int reserve(int descriptor, std::int64_t bytes) {
  for (;;) {
    if (::fallocate(descriptor, 0, 0, static_cast<off_t>(bytes)) == 0) return 0;
    if (errno == EINTR) continue;
    // A file system that cannot promise room gives it as it is written.
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? errno : 0;
  }
}

}  // namespace sextant::samples
