// How a view is cut for sums whose order must not depend on where its elements lie, and how that is
// read fast all the same: along the memory, several blocks at once.
#pragma once

#include <cstdint>
#include <cstdlib>

#include "tensor/tensor_view.hpp"

namespace sextant::statistics::SEXTANT_VARIANT {

constexpr int kBlockSize = 4096;     // elements; their float64 copy stays in the first-level cache
constexpr int kSlabBlocks = 8;       // side by side along the memory: rows of four lines of the cache

/**
 * How a view is cut: a near-cube of at most kBlockSize elements that depends on the shape alone, read
 * in C order of the view. So the figures are the same bits however the elements lie in memory.
 */
struct Blocks {
  int rank;
  std::int64_t extent[kMaxRank];
  std::int64_t along[kMaxRank];  // number of blocks per axis
  std::int64_t count = 1;

  explicit Blocks(const TensorView& view) : rank(view.rank) {
    for (int axis = 0; axis < rank; ++axis) extent[axis] = 1;
    for (std::int64_t size = 1; size * 2 <= kBlockSize; size *= 2) {
      int smallest = -1;
      for (int axis = rank - 1; axis >= 0; --axis) {
        if (extent[axis] >= view.shape[axis]) continue;
        if (smallest < 0 || extent[axis] < extent[smallest]) smallest = axis;
      }
      if (smallest < 0) break;
      extent[smallest] *= 2;
    }
    for (int axis = 0; axis < rank; ++axis) {
      along[axis] = (view.shape[axis] + extent[axis] - 1) / extent[axis];
      count *= along[axis];
    }
  }
};

/** The axis along which the elements lie closest; -1 without axes. */
inline int fastest_axis(const TensorView& view) {
  int fastest = view.rank - 1;
  for (int axis = fastest - 1; axis >= 0; --axis) {
    if (view.shape[axis] == 1) continue;
    const bool closer = std::abs(view.strides[axis]) < std::abs(view.strides[fastest]);
    if (closer || view.shape[fastest] == 1) fastest = axis;
  }
  return fastest;
}

/**
 * The blocks that are read together: up to kSlabBlocks of one size, neighbours along the memory. Their
 * rows are read through, so that each line of the cache is fetched once in any layout.
 */
class Slabs {
 public:
  Slabs(const TensorView& view, const Blocks& blocks)
      : blocks_(blocks), fast_(fastest_axis(view)) {
    if (fast_ < 0) return;
    whole_ = view.shape[fast_] / blocks.extent[fast_];
    groups_ = (whole_ + kSlabBlocks - 1) / kSlabBlocks;
    // A last block that is cut short is a slab of its own.
    along_ = groups_ + (blocks.along[fast_] > whole_ ? 1 : 0);
  }

  std::int64_t count() const {
    return fast_ < 0 ? 1 : blocks_.count / blocks_.along[fast_] * along_;
  }
  int fast() const { return fast_; }

  /** The first block of slab `index`, per axis; returns how many there are. */
  int first_block(std::int64_t index, std::int64_t (&block)[kMaxRank]) const {
    int size = 1;
    for (int axis = blocks_.rank - 1; axis >= 0; --axis) {
      const std::int64_t n = axis == fast_ ? along_ : blocks_.along[axis];
      block[axis] = index % n;
      index /= n;
      if (axis != fast_) continue;
      const std::int64_t group = block[axis];
      block[axis] = group < groups_ ? group * kSlabBlocks : whole_;
      const std::int64_t left = whole_ - block[axis];
      size = left >= kSlabBlocks ? kSlabBlocks : left > 0 ? static_cast<int>(left) : 1;
    }
    return size;
  }

 private:
  const Blocks& blocks_;
  int fast_;
  std::int64_t whole_ = 1;
  std::int64_t groups_ = 1;
  std::int64_t along_ = 1;
};

/** A slab: where its elements lie in the view, and in the copy that is made of each block. */
struct Slab {
  int rank;
  int blocks;
  std::int64_t first = 0;  // offset in the view
  std::int64_t count = 1;  // elements of a block
  std::int64_t index = 0;  // of the first block, in C order of blocks
  std::int64_t index_step = 0;
  int order[kMaxRank];            // axes, those that lie farthest apart first
  std::int64_t length[kMaxRank];  // per axis
  std::int64_t copied[kMaxRank];  // strides of the copy, whose axes come in `order`

  Slab(const TensorView& view, const Blocks& cut, const Slabs& slabs, std::int64_t number)
      : rank(view.rank) {
    std::int64_t block[kMaxRank];
    blocks = slabs.first_block(number, block);
    std::int64_t step = 1;
    for (int axis = rank - 1; axis >= 0; --axis) {
      const std::int64_t begin = block[axis] * cut.extent[axis];
      const std::int64_t left = view.shape[axis] - begin;
      length[axis] = left < cut.extent[axis] ? left : cut.extent[axis];
      first += begin * view.strides[axis];
      index += block[axis] * step;
      if (axis == slabs.fast()) index_step = step;
      step *= cut.along[axis];
    }
    sort_axes(view, slabs.fast());
    for (int place = rank - 1; place >= 0; --place) {
      copied[order[place]] = count;
      count *= length[order[place]];
    }
  }

 private:
  void sort_axes(const TensorView& view, int fast) {
    int places = 0;
    for (int axis = 0; axis < rank; ++axis) {
      if (axis == fast) continue;
      int place = places++;
      for (; place > 0; --place) {
        if (std::abs(view.strides[order[place - 1]]) >= std::abs(view.strides[axis])) break;
        order[place] = order[place - 1];
      }
      order[place] = axis;
    }
    if (rank > 0) order[rank - 1] = fast;
  }
};

/** Copies a slab's blocks in the order of the memory, kBlockSize apart. */
template <class T>
void copy_slab(const TensorView& view, const Slab& slab, T* __restrict copy) {
  const T* row = static_cast<const T*>(view.data) + slab.first;
  const int last = slab.rank - 1;
  const std::int64_t n = last < 0 ? 1 : slab.length[slab.order[last]];
  const std::int64_t stride = last < 0 ? 1 : view.strides[slab.order[last]];
  std::int64_t index[kMaxRank] = {};
  for (;;) {
    for (int block = 0; block < slab.blocks; ++block) {
      const T* from = row + block * n * stride;
      T* to = copy + block * kBlockSize;
      if (stride == 1) {
        for (std::int64_t i = 0; i < n; ++i) to[i] = from[i];
      } else {
        for (std::int64_t i = 0; i < n; ++i) to[i] = from[i * stride];
      }
    }
    copy += n;
    int place = last - 1;
    for (; place >= 0; --place) {
      const int axis = slab.order[place];
      row += view.strides[axis];
      if (++index[axis] < slab.length[axis]) break;
      row -= view.strides[axis] * slab.length[axis];
      index[axis] = 0;
    }
    if (place < 0) return;
  }
}

/** A block's copy as float64, in the view's C order. */
template <class T>
void order_block(const Slab& slab, const T* copy, double* __restrict values) {
  const int last = slab.rank - 1;
  const std::int64_t n = last < 0 ? 1 : slab.length[last];
  const std::int64_t stride = last < 0 ? 1 : slab.copied[last];
  std::int64_t index[kMaxRank] = {};
  for (;;) {
    if (stride == 1) {
      for (std::int64_t i = 0; i < n; ++i) values[i] = static_cast<double>(copy[i]);
    } else {
      for (std::int64_t i = 0; i < n; ++i) values[i] = static_cast<double>(copy[i * stride]);
    }
    values += n;
    int axis = last - 1;
    for (; axis >= 0; --axis) {
      copy += slab.copied[axis];
      if (++index[axis] < slab.length[axis]) break;
      copy -= slab.copied[axis] * slab.length[axis];
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

}  // namespace sextant::statistics::SEXTANT_VARIANT
