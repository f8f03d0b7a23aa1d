#include <type_traits>
#include <vector>

#include "ops/statistics/slabs.hpp"
#include "ops/statistics/statistics.hpp"
#include "ops/statistics/whole_numbers.hpp"

namespace sextant::statistics::SEXTANT_VARIANT {
namespace {

constexpr std::int64_t kGrain = 4;   // slabs a tile

// Eight sums side by side, whatever the width of the machine's registers: the same bits everywhere.
// A vector wider than a register would have its comparisons done one by one.
constexpr int kLanes = 8;
#if defined(__AVX512F__)
constexpr int kWidth = 8;
#elif defined(__AVX2__)
constexpr int kWidth = 4;
#else
constexpr int kWidth = 2;
#endif
constexpr int kParts = kLanes / kWidth;

using Reals = double __attribute__((vector_size(kWidth * 8)));
using Masks = std::int64_t __attribute__((vector_size(kWidth * 8)));

template <class Vector>
struct LanesOf {
  Vector part[kParts] = {};
};

template <class Element, class Vector>
Element fold(const LanesOf<Vector>& lanes) {
  Element v[kLanes];
  __builtin_memcpy(v, lanes.part, sizeof v);
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

struct Extremes {
  LanesOf<Reals> min, max;

  Extremes() {
    for (int p = 0; p < kParts; ++p) {
      min.part[p] = Reals{} + __builtin_huge_val();
      max.part[p] = Reals{} - __builtin_huge_val();
    }
  }

  void give(Moments& m) const {
    double low[kLanes], high[kLanes];
    __builtin_memcpy(low, min.part, sizeof low);
    __builtin_memcpy(high, max.part, sizeof high);
    for (int lane = 0; lane < kLanes; ++lane) {
      if (low[lane] < m.min) m.min = low[lane];
      if (high[lane] > m.max) m.max = high[lane];
    }
  }
};

struct Sums {
  LanesOf<Reals> sum;
  Extremes extremes;
};

struct Counts {
  LanesOf<Masks> used, nan, inf;
};

struct Deviations {
  LanesOf<Reals> sum, square;
};

/** Calls f(part, x) for each register full of values. */
template <class F>
inline __attribute__((always_inline)) void for_each_part(const double* values, int n, const F& f) {
  for (int i = 0; i < n; i += kLanes) {
#pragma GCC unroll 4
    for (int p = 0; p < kParts; ++p) {
      Reals x;
      __builtin_memcpy(&x, values + i + p * kWidth, sizeof x);
      f(p, x);
    }
  }
}

inline Masks used(const Reals& x, bool skip_zeros) {
  const Masks finite = (x - x) == 0;
  return skip_zeros ? finite & (x != 0) : finite;
}

/** Most blocks have nothing to leave out. Returns whether this one has; if not, `sums` is of no use. */
bool add_if_all_used(const double* values, int n, bool skip_zeros, Sums& sums) {
  LanesOf<Reals> sum;
  Extremes e;
  LanesOf<Masks> zeros;
  for_each_part(values, n, [&](int p, const Reals& x) {
    sum.part[p] += x;
    e.min.part[p] = x < e.min.part[p] ? x : e.min.part[p];
    e.max.part[p] = x > e.max.part[p] ? x : e.max.part[p];
    zeros.part[p] |= x == 0;
  });
  sums = {sum, e};
  const double total = fold<double>(sum);
  // A NaN or an infinity among the values makes their sum one.
  return total - total == 0 && !(skip_zeros && fold<std::int64_t>(zeros) != 0);
}

Counts add_used(const double* values, int n, bool skip_zeros, Sums& sums) {
  LanesOf<Reals> sum;
  Extremes e;
  Counts counts;
  for_each_part(values, n, [&](int p, const Reals& x) {
    const Masks use = used(x, skip_zeros);
    const Masks nan = x != x;
    sum.part[p] += use ? x : Reals{};
    e.min.part[p] = (use & (x < e.min.part[p])) ? x : e.min.part[p];
    e.max.part[p] = (use & (x > e.max.part[p])) ? x : e.max.part[p];
    counts.used.part[p] -= use;
    counts.nan.part[p] -= nan;
    counts.inf.part[p] -= ((x - x) != 0) & ~nan;
  });
  sums = {sum, e};
  return counts;
}

template <bool all_used>
Deviations deviations_from(double mean, const double* values, int n, bool skip_zeros) {
  Deviations deviations;
  for_each_part(values, n, [&](int p, const Reals& x) {
    Reals d = x - mean;
    if constexpr (!all_used) d = used(x, skip_zeros) ? d : Reals{};
    deviations.sum.part[p] += d;
    deviations.square.part[p] += d * d;
  });
  return deviations;
}

Moments moments_of_lanes(const double* values, int n, bool skip_zeros) {
  Moments m;
  Sums sums;
  const bool all_used = add_if_all_used(values, n, skip_zeros, sums);
  if (all_used) {
    m.count = n;
  } else {
    const Counts counts = add_used(values, n, skip_zeros, sums);
    m.count = static_cast<double>(fold<std::int64_t>(counts.used));
    m.nan_count = fold<std::int64_t>(counts.nan);
    m.inf_count = fold<std::int64_t>(counts.inf);
  }
  if (m.count == 0) return m;
  sums.extremes.give(m);
  const double mean = fold<double>(sums.sum) / m.count;
  const Deviations deviations = all_used ? deviations_from<true>(mean, values, n, skip_zeros)
                                         : deviations_from<false>(mean, values, n, skip_zeros);
  // The deviations' sum is what the mean's rounding left out.
  const double deviation = fold<double>(deviations.sum);
  MomentsUnion::set_mean(m, mean, deviation / m.count);
  m.m2 = fold<double>(deviations.square) - deviation * deviation / m.count;
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

/** Pairwise, so that the error grows with the logarithm of the number of blocks. */
Moments unite_blocks(const Moments* blocks, std::int64_t count) {
  if (count == 1) return blocks[0];
  const std::int64_t half = count / 2;
  return MomentsUnion{}(unite_blocks(blocks, half), unite_blocks(blocks + half, count - half));
}

template <class T>
Moments moments_of_view(const TensorView& view, bool skip_zeros, const Run& run) {
  const Blocks blocks(view);
  if (blocks.count == 0) return Moments{};
  const Slabs slabs(view, blocks);
  std::vector<Moments> of_block(static_cast<std::size_t>(blocks.count));
  parallel_for(slabs.count(), kGrain, run, [&](std::int64_t begin, std::int64_t end) {
    T copy[kSlabBlocks * kBlockSize];
    alignas(64) double values[kBlockSize];
    for (std::int64_t number = begin; number < end; ++number) {
      const Slab slab(view, blocks, slabs, number);
      copy_slab<T>(view, slab, copy);
      for (int block = 0; block < slab.blocks; ++block) {
        order_block<T>(slab, copy + block * kBlockSize, values);
        of_block[static_cast<std::size_t>(slab.index + block * slab.index_step)] =
            moments_of_block(values, static_cast<int>(slab.count), skip_zeros);
      }
    }
  });
  return unite_blocks(of_block.data(), blocks.count);
}

}  // namespace

Moments apply(const Request& request, const Run& run) {
  return with_dtype(request.input.dtype, [&]<class T>() {
    const auto& [input, skip_zeros] = request;
    if constexpr (std::is_integral_v<T> && sizeof(T) <= 4) {
      if (element_count(input) <= kMostElements) {
        return moments_of_totals(totals_of_view<T>(input, skip_zeros, run));
      }
    }
    return moments_of_view<T>(input, skip_zeros, run);
  });
}

}  // namespace sextant::statistics::SEXTANT_VARIANT
