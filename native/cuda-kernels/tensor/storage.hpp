#pragma once

#include <cstddef>
#include <memory>

#include "tensor/zeroed_block.hpp"

namespace sextant {

/**
 * The owner of a tensor's memory: zero-filled, 64-byte aligned. Pages of a large block are not touched
 * before they are used. Shared: a handle in JavaScript, an ArrayBuffer over it and a running job hold
 * one reference each, and the last one frees it on whatever thread it is.
 */
class Storage {
 public:
  static std::shared_ptr<Storage> zeroed(std::size_t bytes);
  ~Storage();
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  std::byte* data() const { return block_.data(); }
  std::size_t bytes() const { return bytes_; }

  /** Bytes of all blocks of the process that somebody still holds. */
  static std::size_t live_bytes();

 private:
  Storage(ZeroedBlock block, std::size_t bytes);

  ZeroedBlock block_;
  std::size_t bytes_;
};

}  // namespace sextant
