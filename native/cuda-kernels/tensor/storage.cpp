#include "tensor/storage.hpp"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <new>

namespace sextant {

namespace {
// A cache line and the widest vector register.
constexpr std::size_t kAlignment = 64;

// Of the process, as memory is. It has no destructor, so threads may outlive the end of main.
std::atomic<std::size_t> live{0};
}  // namespace

std::shared_ptr<Storage> Storage::zeroed(std::size_t bytes) {
  if (bytes > std::numeric_limits<std::size_t>::max() - 2 * kAlignment) throw std::bad_alloc();
  // calloc, not aligned_alloc: the system hands out zero pages lazily. An empty tensor has a block
  // too, so that its pointer is never null.
  void* block = std::calloc(1, bytes + kAlignment);
  if (block == nullptr) throw std::bad_alloc();
  const auto address = reinterpret_cast<std::uintptr_t>(block);
  const std::size_t skip = (kAlignment - address % kAlignment) % kAlignment;
  return std::shared_ptr<Storage>(new Storage(block, static_cast<std::byte*>(block) + skip, bytes));
}

Storage::Storage(void* block, std::byte* aligned, std::size_t bytes)
    : block_(block), aligned_(aligned), bytes_(bytes) {
  live += bytes_;
}

Storage::~Storage() {
  live -= bytes_;
  std::free(block_);
}

std::size_t Storage::live_bytes() { return live; }

}  // namespace sextant
