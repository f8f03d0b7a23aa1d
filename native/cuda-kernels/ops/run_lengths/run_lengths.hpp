#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::run_lengths {

struct Request {
  TensorView mask;           // uint8, rank 3: the box's voxels, axes as the grid's
  std::int64_t box_low[3];   // the box's first voxel in the grid
  std::int64_t shape[3];     // of the whole grid; everything outside the box is 0
};

/**
 * The whole grid as (value, length) pairs, first axis fastest. Neighbouring runs differ in value,
 * except where one longer than 2^32 - 1 had to be split. Costs the box, not the grid.
 */
SEXTANT_TARGETS_COOPERATING(std::vector<std::uint32_t> apply(const Request& request, const Run& run))

inline std::vector<std::uint32_t> apply(const Request& request, const Run& run) {
  return SEXTANT_PICK_COOPERATING(run.target, apply)(request, run);
}

namespace SEXTANT_VARIANT {

/** How much background lies around and between the rows of a box, in file order. */
struct Gaps {
  explicit Gaps(const Request& request) {
    const std::int64_t* box = request.mask.shape;
    const std::int64_t row = request.shape[0], plane = row * request.shape[1];
    const std::int64_t covered = plane * (box[2] - 1) + row * (box[1] - 1) + box[0];
    before = request.box_low[2] * plane + request.box_low[1] * row + request.box_low[0];
    between_rows = row - box[0];
    between_planes = plane - row * (box[1] - 1) - box[0];
    after = plane * request.shape[2] - before - covered;
  }

  /** What comes before row j of plane k. */
  std::int64_t before_row(std::int64_t j, std::int64_t k) const {
    if (j > 0) return between_rows;
    return k > 0 ? between_planes : before;
  }

  std::int64_t before, between_rows, between_planes, after;
};

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

}  // namespace sextant::run_lengths
