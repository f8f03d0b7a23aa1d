#include <cstdlib>
#include <memory>
#include <utility>

#include "ops/statistics/statistics.hpp"

// Vectors of 64 bytes are passed between inlined functions only, never over an ABI.
#pragma GCC diagnostic ignored "-Wpsabi"

namespace sextant::statistics::SEXTANT_VARIANT {
namespace {

constexpr int kBlockSize = 2048;     // elements; their float64 copy stays in the first-level cache
constexpr std::int64_t kGrain = 16;  // blocks a tile

using Reals = double __attribute__((vector_size(64)));
using Masks = std::int64_t __attribute__((vector_size(64)));
constexpr int kLanes = 8;

/**
 * How a view is cut: a near-cube of at most kBlockSize elements that depends on the shape alone, read
 * in C order of the view. So the figures are the same bits however the elements lie in memory, and
 * each line of the cache is read once in any layout.
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

/** One block: where its elements lie in the view, and where they go in C order, per axis. */
struct Block {
  int rank;
  std::int64_t first;  // offset in the view
  std::int64_t count = 1;
  std::int64_t length[kMaxRank];
  std::int64_t from[kMaxRank];
  std::int64_t to[kMaxRank];

  Block(const TensorView& view, const Blocks& blocks, std::int64_t index)
      : rank(view.rank), first(0) {
    for (int axis = rank - 1; axis >= 0; --axis) {
      const std::int64_t begin = index % blocks.along[axis] * blocks.extent[axis];
      index /= blocks.along[axis];
      const std::int64_t left = view.shape[axis] - begin;
      length[axis] = left < blocks.extent[axis] ? left : blocks.extent[axis];
      from[axis] = view.strides[axis];
      to[axis] = count;
      first += begin * from[axis];
      count *= length[axis];
    }
    move_fastest_last();
  }

 private:
  /** Reading along the memory uses up a line of the cache before it is dropped. */
  void move_fastest_last() {
    const int last = rank - 1;
    for (int axis = 0; axis < last; ++axis) {
      const bool faster = std::abs(from[axis]) < std::abs(from[last]);
      if (length[last] > 1 && (length[axis] == 1 || !faster)) continue;
      std::swap(length[axis], length[last]);
      std::swap(from[axis], from[last]);
      std::swap(to[axis], to[last]);
    }
  }
};

/** Copies a block's elements to `values` in the view's C order, as float64. */
template <class T>
void gather_block(const TensorView& view, const Block& block, double* __restrict values) {
  const T* row = static_cast<const T*>(view.data) + block.first;
  const int last = block.rank - 1;
  const std::int64_t n = last < 0 ? 1 : block.length[last];
  const std::int64_t from = last < 0 ? 1 : block.from[last];
  const std::int64_t to = last < 0 ? 1 : block.to[last];
  std::int64_t index[kMaxRank] = {};
  for (;;) {
    if (from == 1 && to == 1) {
      for (std::int64_t i = 0; i < n; ++i) values[i] = static_cast<double>(row[i]);
    } else {
      for (std::int64_t i = 0; i < n; ++i) values[i * to] = static_cast<double>(row[i * from]);
    }
    int axis = last - 1;
    for (; axis >= 0; --axis) {
      row += block.from[axis];
      values += block.to[axis];
      if (++index[axis] < block.length[axis]) break;
      row -= block.from[axis] * block.length[axis];
      values -= block.to[axis] * block.length[axis];
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** The lanes of one block: eight sums side by side, whatever the width of the machine's registers. */
struct Lanes {
  Reals sum = {};
  Reals deviation = {};
  Reals square = {};
  Reals min = Reals{} + __builtin_huge_val();
  Reals max = Reals{} - __builtin_huge_val();
  Masks count = {};
  Masks nan_count = {};
  Masks inf_count = {};
};

template <class Vector>
auto fold(const Vector& v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

inline Masks used(const Reals& x, bool skip_zeros) {
  const Masks finite = (x - x) == 0;
  return skip_zeros ? finite & (x != 0) : finite;
}

Moments moments_of_lanes(const double* values, int n, bool skip_zeros) {
  Lanes lanes;
  Reals x;
  for (int i = 0; i < n; i += kLanes) {
    __builtin_memcpy(&x, values + i, sizeof x);
    const Masks use = used(x, skip_zeros);
    const Masks nan = x != x;
    lanes.sum += use ? x : Reals{};
    lanes.min = (use & (x < lanes.min)) ? x : lanes.min;
    lanes.max = (use & (x > lanes.max)) ? x : lanes.max;
    lanes.count -= use;
    lanes.nan_count -= nan;
    lanes.inf_count -= ((x - x) != 0) & ~nan;
  }
  Moments m;
  m.count = static_cast<double>(fold(lanes.count));
  m.nan_count = fold(lanes.nan_count);
  m.inf_count = fold(lanes.inf_count);
  if (m.count == 0) return m;
  for (int lane = 0; lane < kLanes; ++lane) {
    if (lanes.min[lane] < m.min) m.min = lanes.min[lane];
    if (lanes.max[lane] > m.max) m.max = lanes.max[lane];
  }
  const double mean = fold(lanes.sum) / m.count;
  for (int i = 0; i < n; i += kLanes) {
    __builtin_memcpy(&x, values + i, sizeof x);
    const Reals d = used(x, skip_zeros) ? x - mean : Reals{};
    lanes.deviation += d;
    lanes.square += d * d;
  }
  // The deviations' sum is what the mean's rounding left out.
  const double deviation = fold(lanes.deviation);
  MomentsUnion::set_mean(m, mean, deviation / m.count);
  m.m2 = fold(lanes.square) - deviation * deviation / m.count;
  if (m.m2 < 0) m.m2 = 0;
  return m;
}

Moments moments_of_block(const double* values, int n, bool skip_zeros) {
  const int whole = n / kLanes * kLanes;
  Moments m = moments_of_lanes(values, whole, skip_zeros);
  const MomentsOf moments_of{skip_zeros};
  const MomentsUnion unite;
  for (int i = whole; i < n; ++i) m = unite(m, moments_of(values[i]));
  return m;
}

/** Pairwise, so that the error grows with the logarithm of the number of tiles. */
Moments unite_tiles(const Moments* tiles, std::int64_t count) {
  if (count == 1) return tiles[0];
  const std::int64_t half = count / 2;
  return MomentsUnion{}(unite_tiles(tiles, half), unite_tiles(tiles + half, count - half));
}

template <class T>
Moments moments_of_view(const TensorView& view, bool skip_zeros, const Run& run) {
  const Blocks blocks(view);
  if (blocks.count == 0) return Moments{};
  const std::int64_t tiles = (blocks.count + kGrain - 1) / kGrain;
  const std::unique_ptr<Moments[]> of_tile(new Moments[static_cast<std::size_t>(tiles)]);
  parallel_for(blocks.count, kGrain, run, [&](std::int64_t begin, std::int64_t end) {
    alignas(64) double values[kBlockSize];
    Moments m;
    for (std::int64_t index = begin; index < end; ++index) {
      const Block block(view, blocks, index);
      gather_block<T>(view, block, values);
      m = MomentsUnion{}(m, moments_of_block(values, static_cast<int>(block.count), skip_zeros));
    }
    of_tile[static_cast<std::size_t>(begin / kGrain)] = m;
  });
  return unite_tiles(of_tile.get(), tiles);
}

}  // namespace

Moments apply(const Request& request, const Run& run) {
  return with_dtype(request.input.dtype, [&]<class T>() {
    return moments_of_view<T>(request.input, request.skip_zeros, run);
  });
}

}  // namespace sextant::statistics::SEXTANT_VARIANT
