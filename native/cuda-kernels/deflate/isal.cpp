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
  std::uint32_t (*crc)(std::uint32_t, const unsigned char*, std::uint64_t) = nullptr;

  Library() {
    void* handle = dlopen("libisal.so.2", RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return;
    init = reinterpret_cast<decltype(init)>(dlsym(handle, "isal_deflate_stateless_init"));
    deflate = reinterpret_cast<decltype(deflate)>(dlsym(handle, "isal_deflate_stateless"));
    crc = reinterpret_cast<decltype(crc)>(dlsym(handle, "crc32_gzip_refl"));
  }

  bool whole() const { return init != nullptr && deflate != nullptr && crc != nullptr; }
};

const Library& library() {
  static const Library loaded;
  return loaded;
}

std::uint32_t level_bytes(int level) {
  if (level == 1) return ISAL_DEF_LVL1_DEFAULT;
  return level == 2 ? ISAL_DEF_LVL2_DEFAULT : ISAL_DEF_LVL3_DEFAULT;
}

}  // namespace

bool is_available() { return library().whole(); }

Block compress(const std::vector<std::uint8_t>& input, int level) {
  const Library& isal = library();
  if (!isal.whole()) throw OperationError("ENGINE_UNAVAILABLE", "ISA-L", "no libisal.so.2", "the library");
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

#else

bool is_available() { return false; }

Block compress(const std::vector<std::uint8_t>&, int) {
  throw OperationError("ENGINE_UNAVAILABLE", "ISA-L", "an addon built without it", "libisal-dev at the build");
}

#endif

}  // namespace sextant::deflate
