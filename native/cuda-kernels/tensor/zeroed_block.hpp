#pragma once

#include <cstddef>
#include <utility>

namespace sextant {

/**
 * Memory that is zero, aligned to 64 bytes, and touched by nobody yet. A large block is asked of the kernel in
 * huge pages: the first touch of each of its pages would otherwise take longer than filling it.
 */
class ZeroedBlock {
 public:
  /** An empty block has memory too, so that its pointer is never null. Throws std::bad_alloc. */
  explicit ZeroedBlock(std::size_t bytes);
  ~ZeroedBlock();
  ZeroedBlock(ZeroedBlock&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        memory_(std::exchange(other.memory_, nullptr)),
        mapped_(other.mapped_) {}
  ZeroedBlock& operator=(ZeroedBlock&&) = delete;

  std::byte* data() const { return data_; }

 private:
  std::byte* data_;
  void* memory_;            // what is given back
  std::size_t mapped_ = 0;  // bytes of it, if it was mapped and not allocated
};

}  // namespace sextant
