#include "tensor/storage.hpp"

#include <atomic>
#include <cstdint>
#include <limits>

#include "tensor/zeroed_block.hpp"

namespace sextant {

namespace {
// Of the process, as memory is. It has no destructor, so threads may outlive the end of main.
std::atomic<std::size_t> live{0};
}  // namespace

std::shared_ptr<Storage> Storage::zeroed(std::size_t bytes) {
  return std::shared_ptr<Storage>(new Storage(ZeroedBlock(bytes), bytes));
}

Storage::Storage(ZeroedBlock block, std::size_t bytes) : block_(std::move(block)), bytes_(bytes) {
  live += bytes_;
}

Storage::~Storage() { live -= bytes_; }

std::size_t Storage::live_bytes() { return live; }

}  // namespace sextant
