#include "deflate/isal.hpp"

#include "ops/operation_error.hpp"

#ifdef SEXTANT_WITH_ISAL
#include <dlfcn.h>
#include <isa-l/igzip_lib.h>
#endif

namespace sextant::deflate {

#ifdef SEXTANT_WITH_ISAL

namespace {

/** Loaded and not linked: an addon that was built where it is runs also where it is not. */
struct Library {
  decltype(&isal_deflate_stateless_init) init = nullptr;
  decltype(&isal_deflate_stateless) deflate = nullptr;
  decltype(&isal_inflate_init) inflate_init = nullptr;
  decltype(&isal_inflate) inflate = nullptr;
  std::uint32_t (*crc)(std::uint32_t, const unsigned char*, std::uint64_t) = nullptr;

  Library() {
    void* handle = dlopen("libisal.so.2", RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return;
    init = reinterpret_cast<decltype(init)>(dlsym(handle, "isal_deflate_stateless_init"));
    deflate = reinterpret_cast<decltype(deflate)>(dlsym(handle, "isal_deflate_stateless"));
    inflate_init = reinterpret_cast<decltype(inflate_init)>(dlsym(handle, "isal_inflate_init"));
    inflate = reinterpret_cast<decltype(inflate)>(dlsym(handle, "isal_inflate"));
    crc = reinterpret_cast<decltype(crc)>(dlsym(handle, "crc32_gzip_refl"));
  }

  bool whole() const {
    return init != nullptr && deflate != nullptr && inflate_init != nullptr && inflate != nullptr && crc != nullptr;
  }
};

const Library& library() {
  static const Library loaded;
  return loaded;
}

const Library& whole_library() {
  const Library& isal = library();
  if (!isal.whole()) throw OperationError("ENGINE_UNAVAILABLE", "ISA-L", "no libisal.so.2", "the library");
  return isal;
}

std::uint32_t level_bytes(int level) {
  if (level == 1) return ISAL_DEF_LVL1_DEFAULT;
  return level == 2 ? ISAL_DEF_LVL2_DEFAULT : ISAL_DEF_LVL3_DEFAULT;
}

}  // namespace

bool is_available() { return library().whole(); }

Block compress(const std::vector<std::uint8_t>& input, int level) {
  const Library& isal = whole_library();
  Block block;
  // Stored blocks of 64 KiB have five bytes each; the rest is for the flush.
  block.bytes.resize(input.size() + input.size() / 1024 + 4096);
  std::vector<std::uint8_t> scratch(level_bytes(level));
  isal_zstream stream;
  isal.init(&stream);
  stream.level = static_cast<std::uint32_t>(level);
  stream.level_buf = scratch.data();
  stream.level_buf_size = static_cast<std::uint32_t>(scratch.size());
  stream.flush = FULL_FLUSH;
  stream.end_of_stream = 0;
  stream.next_in = const_cast<std::uint8_t*>(input.data());
  stream.avail_in = static_cast<std::uint32_t>(input.size());
  stream.next_out = block.bytes.data();
  stream.avail_out = static_cast<std::uint32_t>(block.bytes.size());
  if (isal.deflate(&stream) != COMP_OK || stream.avail_in != 0) {
    throw OperationError("INTERNAL", "ISA-L", "a stretch that it did not compress", "a whole one");
  }
  block.bytes.resize(stream.total_out);
  block.crc = isal.crc(0, input.data(), input.size());
  return block;
}

namespace {

/** A member's header with names longer than this is none. */
constexpr std::size_t kLargestHeader = 1u << 20;

[[noreturn]] void refuse(const char* got) {
  throw OperationError("VOLUME_CORRUPT", "gzip stream", got, "valid compressed data with a matching checksum");
}

/**
 * Bytes of the member's header that `bytes` begin with (RFC 1952 section 2.3), 0 when it goes on beyond them.
 * ISA-L's own reader loses its place in a header that comes in pieces.
 */
std::size_t header_bytes(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::uint8_t kHasCrc = 2, kHasExtra = 4, kHasName = 8, kHasComment = 16, kReserved = 0xe0;
  if (size > 2 && bytes[2] != 8) refuse("another method than deflate");
  if (size > 3 && (bytes[3] & kReserved) != 0) refuse("reserved flags");
  if (size < 10) return 0;
  std::size_t at = 10;
  if (bytes[3] & kHasExtra) {
    if (size < at + 2) return 0;
    at += 2 + bytes[at] + 256u * bytes[at + 1];
  }
  for (const std::uint8_t text : {kHasName, kHasComment}) {
    if ((bytes[3] & text) == 0) continue;
    while (at < size && bytes[at] != 0) ++at;
    ++at;
  }
  if (bytes[3] & kHasCrc) {
    if (size < at + 2) return 0;
    if ((whole_library().crc(0, bytes, at) & 0xffff) != bytes[at] + 256u * bytes[at + 1]) refuse("header crc mismatch");
    at += 2;
  }
  return at <= size ? at : 0;
}

const char* words_of(int error) {
  switch (error) {
    case ISAL_INVALID_BLOCK: return "invalid block";
    case ISAL_INVALID_SYMBOL: return "invalid code";
    case ISAL_INVALID_LOOKBACK: return "invalid distance too far back";
    case ISAL_INCORRECT_CHECKSUM: return "incorrect data check";
    default: return "no deflate stream";
  }
}

}  // namespace

struct Inflater::State {
  inflate_state stream;
  std::vector<std::uint8_t> piece;
  std::size_t at = 0;
  // Bytes that may begin the next member.
  std::vector<std::uint8_t> begun;
  bool in_header = false;
  bool in_member = false;
  bool had_member = false;
  bool ended = false;
  bool full = false;
  std::size_t behind = 0;
};

Inflater::Inflater() : state_(std::make_unique<State>()) { whole_library(); }
Inflater::~Inflater() = default;

void Inflater::feed(std::vector<std::uint8_t> input) {
  State& state = *state_;
  state.begun.insert(state.begun.end(), input.begin(), input.end());
  state.piece = std::move(state.begun);
  state.begun.clear();
  state.at = 0;
  state.full = false;
}

std::vector<std::uint8_t> Inflater::read(std::size_t most) {
  const Library& isal = whole_library();
  State& state = *state_;
  std::vector<std::uint8_t> output(most);
  std::size_t made = 0;
  while (!state.ended && made < most) {
    const std::size_t left = state.piece.size() - state.at;
    if (!state.in_member) {
      const std::uint8_t* next = state.piece.data() + state.at;
      state.ended = (left > 0 && next[0] != 0x1f) || (left > 1 && next[1] != 0x8b);
      if (state.ended) break;
      const std::size_t header = header_bytes(next, left);
      if (header == 0) {
        if (left > kLargestHeader) refuse("a header without an end");
        state.begun.assign(next, next + left);
        state.at = state.piece.size();
        state.in_header = left > 1;
        break;
      }
      state.at += header;
      isal.inflate_init(&state.stream);
      state.stream.crc_flag = ISAL_GZIP_NO_HDR_VER;
      state.in_header = false;
      state.in_member = true;
      state.had_member = true;
    }
    inflate_state& stream = state.stream;
    stream.next_in = state.piece.data() + state.at;
    stream.avail_in = static_cast<std::uint32_t>(state.piece.size() - state.at);
    stream.next_out = output.data() + made;
    stream.avail_out = static_cast<std::uint32_t>(most - made);
    const int result = isal.inflate(&stream);
    state.at = state.piece.size() - stream.avail_in;
    made = most - stream.avail_out;
    if (result != ISAL_DECOMP_OK) refuse(words_of(result));
    if (stream.block_state == ISAL_BLOCK_FINISH) {
      state.in_member = false;
    } else if (stream.avail_out > 0) {
      break;
    }
  }
  if (state.ended) {
    state.behind += state.piece.size() - state.at;
    state.at = state.piece.size();
  }
  state.full = made == most;
  output.resize(made);
  return output;
}

bool Inflater::has_more() const { return state_->full && !state_->ended; }

bool Inflater::is_whole() const { return state_->had_member && !state_->in_member && !state_->in_header; }

std::size_t Inflater::bytes_behind() const {
  return state_->behind + (is_whole() ? state_->begun.size() : 0);
}

#else

struct Inflater::State {};
Inflater::Inflater() {
  throw OperationError("ENGINE_UNAVAILABLE", "ISA-L", "an addon built without it", "libisal-dev at the build");
}
Inflater::~Inflater() = default;
void Inflater::feed(std::vector<std::uint8_t>) {}
std::vector<std::uint8_t> Inflater::read(std::size_t) { return {}; }
bool Inflater::has_more() const { return false; }
bool Inflater::is_whole() const { return false; }
std::size_t Inflater::bytes_behind() const { return 0; }

bool is_available() { return false; }

Block compress(const std::vector<std::uint8_t>&, int) {
  throw OperationError("ENGINE_UNAVAILABLE", "ISA-L", "an addon built without it", "libisal-dev at the build");
}

#endif

}  // namespace sextant::deflate
