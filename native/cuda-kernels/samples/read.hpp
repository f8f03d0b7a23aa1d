#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ops/cancellation.hpp"

namespace sextant::samples {

/** Where the samples of one frame lie. */
struct Stretch {
  std::string path;
  /** What the user calls the file, for errors. */
  std::string name;
  std::uint64_t offset = 0;
};

/** How a sample is stored (PS3.5 section 8.1.1). Of floats all bits are stored. */
struct StoredSample {
  /** 1, 2, 4 or 8. */
  int bytes = 0;
  bool is_signed = false;
  int bits_stored = 0;
  int high_bit = 0;
  bool is_big_endian = false;
};

/**
 * Reads stretches of `bytes_each` bytes end to end into `output`, which holds them all: little endian, of every
 * sample only its stored bits, the sign extended from the highest of them. Throws OperationError
 * FILE_UNREADABLE, or VOLUME_CORRUPT where a file ends early, with the file's name; Cancelled between stretches.
 */
void read(const std::vector<Stretch>& stretches, std::size_t bytes_each, const StoredSample& sample,
          std::byte* output, const Cancellation& cancellation);

}  // namespace sextant::samples
