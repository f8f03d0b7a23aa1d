#include "samples/read.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "ops/operation_error.hpp"

namespace sextant::samples {

namespace {

// Still in the core's cache when it is finished; a multiple of every sample.
constexpr std::size_t kPartBytes = 128u << 10;

class File {
 public:
  // A pipe that took the place of the file would hold the thread up.
  explicit File(const Stretch& of) : descriptor_(::open(of.path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
    if (descriptor_ < 0) throw unreadable(of);
  }
  ~File() { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void read(const Stretch& of, std::size_t at, std::byte* into, std::size_t bytes) const {
    for (std::size_t got = 0; got < bytes;) {
      const ssize_t count = ::pread(descriptor_, into + got, bytes - got, static_cast<off_t>(of.offset + at + got));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw unreadable(of);
      // It was longer when its header was read.
      if (count == 0) {
        throw OperationError("VOLUME_CORRUPT", of.name + ": pixel data", std::to_string(at + got) + " bytes",
                             "all of the image's");
      }
      got += static_cast<std::size_t>(count);
    }
  }

 private:
  static OperationError unreadable(const Stretch& of) {
    return {"FILE_UNREADABLE", of.name, std::generic_category().message(errno), "a readable file"};
  }

  int descriptor_;
};

template <class Word>
void swap_bytes(Word* words, std::size_t count) {
  for (std::size_t n = 0; n < count; ++n) {
    if constexpr (sizeof(Word) == 2) words[n] = __builtin_bswap16(words[n]);
    if constexpr (sizeof(Word) == 4) words[n] = __builtin_bswap32(words[n]);
    if constexpr (sizeof(Word) == 8) words[n] = __builtin_bswap64(words[n]);
  }
}

/** The stored bits to the top, and back: a right shift of a signed type brings its sign along. */
template <class Word>
void keep_stored(Word* words, std::size_t count, const StoredSample& sample) {
  constexpr int width = 8 * sizeof(Word);
  const int up = width - 1 - sample.high_bit;
  const int down = width - sample.bits_stored;
  for (std::size_t n = 0; n < count; ++n) {
    words[n] = static_cast<Word>(static_cast<Word>(words[n] << up) >> down);
  }
}

template <class Unsigned, class Signed>
void finish(std::byte* bytes, std::size_t length, const StoredSample& sample) {
  const std::size_t count = length / sizeof(Unsigned);
  auto* words = reinterpret_cast<Unsigned*>(bytes);
  if (sample.is_big_endian) swap_bytes(words, count);
  if (sample.bits_stored == 8 * sample.bytes) return;
  if (sample.is_signed) {
    keep_stored(reinterpret_cast<Signed*>(bytes), count, sample);
  } else {
    keep_stored(words, count, sample);
  }
}

void finish(std::byte* bytes, std::size_t length, const StoredSample& sample) {
  switch (sample.bytes) {
    case 1: return finish<std::uint8_t, std::int8_t>(bytes, length, sample);
    case 2: return finish<std::uint16_t, std::int16_t>(bytes, length, sample);
    case 4: return finish<std::uint32_t, std::int32_t>(bytes, length, sample);
    default: return finish<std::uint64_t, std::int64_t>(bytes, length, sample);
  }
}

}  // namespace

void read(const std::vector<Stretch>& stretches, std::size_t bytes_each, const StoredSample& sample,
          std::byte* output, const Cancellation& cancellation) {
  for (std::size_t n = 0; n < stretches.size();) {
    const std::size_t first = n;
    const File file(stretches[first]);
    for (; n < stretches.size() && stretches[n].path == stretches[first].path; ++n) {
      cancellation.throw_if_requested();
      for (std::size_t at = 0; at < bytes_each; at += kPartBytes) {
        const std::size_t bytes = std::min(kPartBytes, bytes_each - at);
        std::byte* into = output + n * bytes_each + at;
        file.read(stretches[n], at, into, bytes);
        finish(into, bytes, sample);
      }
    }
  }
}

}  // namespace sextant::samples
