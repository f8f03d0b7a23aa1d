#pragma once

#include <cstdint>
#include <vector>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant {

struct RunLengthsJob {
  TensorView mask;           // uint8, rank 3: the box's voxels, axes as the grid's
  std::int64_t box_low[3];   // the box's first voxel in the grid
  std::int64_t shape[3];     // of the whole grid; everything outside the box is 0
};

/**
 * The whole grid as (value, length) pairs, first axis fastest. Neighbouring runs differ in value,
 * except where one longer than 2^32 - 1 had to be split. Costs the box, not the grid.
 */
SEXTANT_TARGETS_CPU(std::vector<std::uint32_t> run_lengths(const RunLengthsJob& job, const Run& run))

namespace SEXTANT_VARIANT {

/** Appends runs, joining those of one value and splitting what exceeds 32 bits. */
class RunWriter {
 public:
  void append(std::uint8_t value, std::int64_t length) {
    if (length == 0) return;
    if (value != value_) {
      flush();
      value_ = value;
    }
    length_ += length;
  }

  std::vector<std::uint32_t> finish() {
    flush();
    return std::move(pairs_);
  }

 private:
  void flush() {
    constexpr std::int64_t longest = 0xffffffff;
    for (; length_ > longest; length_ -= longest) push(longest);
    if (length_ > 0) push(length_);
    length_ = 0;
  }

  void push(std::int64_t length) {
    pairs_.push_back(value_);
    pairs_.push_back(static_cast<std::uint32_t>(length));
  }

  std::uint8_t value_ = 0;
  std::int64_t length_ = 0;
  std::vector<std::uint32_t> pairs_;
};

}  // namespace SEXTANT_VARIANT

}  // namespace sextant
