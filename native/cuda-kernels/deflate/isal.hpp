#pragma once

#include <cstdint>
#include <vector>

namespace sextant::deflate {

/** Whether ISA-L was there at the build, and its library is here now. */
bool is_available();

struct Block {
  std::vector<std::uint8_t> bytes;
  /** CRC-32 of the input, as gzip has it. */
  std::uint32_t crc = 0;
};

/**
 * One stretch as DEFLATE (RFC 1951) that needs nothing before it and is followed by more: it ends at a whole
 * byte, behind an empty stored block. `level` is ISA-L's, 1 to 3. Throws OperationError.
 */
Block compress(const std::vector<std::uint8_t>& input, int level);

}  // namespace sextant::deflate
