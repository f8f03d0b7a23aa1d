#pragma once

#include <cstdint>
#include <memory>
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

/**
 * Inflates a gzip stream (RFC 1952) of one or more members that comes in pieces. What follows the last
 * member and is no member is passed over, as gzip does.
 */
class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /** The next piece; the one before has been used up. */
  void feed(std::vector<std::uint8_t> input);
  /**
   * At most `most` bytes; less when the piece is used up. Throws OperationError VOLUME_CORRUPT for what is no
   * valid stream, or whose checksum is another.
   */
  std::vector<std::uint8_t> read(std::size_t most);
  /** Whether there is more to read before the next piece. */
  bool has_more() const;
  /** Whether the stream may end here. */
  bool is_whole() const;
  /** How many bytes so far follow the last member and begin none. */
  std::size_t bytes_behind() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sextant::deflate
