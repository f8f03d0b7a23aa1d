#include "tensor/zeroed_block.hpp"

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <new>

// The sanitizers watch the ends of what is allocated, not of what is mapped.
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
#define SEXTANT_MAPS_BLOCKS 1
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace sextant {

namespace {

// A cache line and the widest vector register.
constexpr std::size_t kAlignment = 64;

std::size_t to_next(std::uintptr_t place, std::size_t alignment) {
  return (alignment - place % alignment) % alignment;
}

#if defined(SEXTANT_MAPS_BLOCKS)

constexpr std::size_t kHugePage = std::size_t{2} << 20;
// Smaller blocks are left to the allocator, which may have their pages already.
constexpr std::size_t kLeastMapped = 2 * kHugePage;

/** Maps bytes, a multiple of a page, from the beginning of a huge page on. */
std::byte* map_huge(std::size_t bytes) {
  void* mapped = mmap(nullptr, bytes + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  auto* first = static_cast<std::byte*>(mapped);
  const std::size_t before = to_next(reinterpret_cast<std::uintptr_t>(first), kHugePage);
  const std::size_t after = kHugePage - before;
  if (before > 0) munmap(first, before);
  if (after > 0) munmap(first + before + bytes, after);
  // Where the kernel has none, the block has small pages.
  madvise(first + before, bytes, MADV_HUGEPAGE);
  return first + before;
}

#endif

}  // namespace

ZeroedBlock::ZeroedBlock(std::size_t bytes) {
  if (bytes > std::numeric_limits<std::size_t>::max() / 2) throw std::bad_alloc();
#if defined(SEXTANT_MAPS_BLOCKS)
  if (bytes >= kLeastMapped) {
    static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    mapped_ = bytes + to_next(bytes, page);
    data_ = map_huge(mapped_);
    memory_ = data_;
    return;
  }
#endif
  // calloc, not aligned_alloc: the system hands out zero pages lazily.
  memory_ = std::calloc(1, bytes + kAlignment);
  if (memory_ == nullptr) throw std::bad_alloc();
  auto* first = static_cast<std::byte*>(memory_);
  data_ = first + to_next(reinterpret_cast<std::uintptr_t>(first), kAlignment);
}

ZeroedBlock::~ZeroedBlock() {
#if defined(SEXTANT_MAPS_BLOCKS)
  if (mapped_ > 0) {
    if (memory_ != nullptr) munmap(memory_, mapped_);
    return;
  }
#endif
  std::free(memory_);
}

}  // namespace sextant
