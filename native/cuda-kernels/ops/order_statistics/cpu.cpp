#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "ops/order_statistics/order_statistics.hpp"
#include "ops/strided_walk.hpp"

namespace sextant::order_statistics::SEXTANT_VARIANT {
namespace {

using sextant::SEXTANT_VARIANT::for_each_row;

using Keys = std::unique_ptr<std::uint32_t[]>;

/**
 * One digit's histograms, one per prefix (the digits before it) under which a wanted rank lies, and
 * for each bin the number of the prefix it leads to, or -1 where no wanted rank lies.
 */
struct Level {
  std::int64_t prefixes = 0;
  std::unique_ptr<std::int64_t[]> counts;
  std::unique_ptr<std::int32_t[]> next;

  std::int64_t bins() const { return prefixes * kDigitBins; }

  void reset(std::int64_t new_prefixes) {
    prefixes = new_prefixes;
    counts.reset(new std::int64_t[static_cast<std::size_t>(bins())]());
    next.reset(new std::int32_t[static_cast<std::size_t>(bins())]);
    for (std::int64_t bin = 0; bin < bins(); ++bin) next[bin] = -1;
  }
};

/** What is known of a wanted rank's key: its digits so far, and its rank among the keys with them. */
struct Place {
  std::int64_t rank = 0;
  std::int32_t prefix = 0;
  std::uint32_t key = 0;
};

Keys keys_of(const TensorView& input, const Run& run) {
  Keys keys(new std::uint32_t[static_cast<std::size_t>(element_count(input))]);
  TensorView dense = input;
  dense.data = keys.get();
  std::int64_t stride = 1;
  for (int axis = input.rank - 1; axis >= 0; --axis) {
    dense.strides[axis] = stride;
    stride *= input.shape[axis];
  }
  std::atomic<bool> found_nan{false};
  for_each_row(input, dense, run,
               [&](const void* in, std::int64_t in_stride, void* out, std::int64_t out_stride,
                   std::int64_t n) {
                 const float* values = static_cast<const float*>(in);
                 auto* row = static_cast<std::uint32_t*>(out);
                 bool nan = false;
                 for (std::int64_t i = 0; i < n; ++i) {
                   const float x = values[i * in_stride];
                   nan |= x != x;
                   row[i * out_stride] = KeyOfFloat{}(x);
                 }
                 if (nan) found_nan.store(true, std::memory_order_relaxed);
               });
  if (found_nan) refuse_nan();
  return keys;
}

/** The prefix that a key's digits before `digit` lead to, or -1. */
template <int digit>
std::int32_t prefix_of(const Level* levels, std::uint32_t key) {
  if constexpr (digit == 0) {
    return 0;
  } else {
    const std::int32_t before = prefix_of<digit - 1>(levels, key);
    if (before < 0) return -1;
    return levels[digit - 1].next[before * kDigitBins + digit_of_key(key, digit - 1)];
  }
}

template <int digit>
void count_digit(const Keys& keys, std::int64_t count, Level* levels, const Run& run) {
  Level& level = levels[digit];
  // Few tiles, since each brings histograms of its own; whole numbers add up in any order.
  const std::int64_t share = count / (2 * run.threads) + 1;
  const std::int64_t grain = share < 65536 ? 65536 : share > (1 << 30) ? 1 << 30 : share;
  std::mutex mutex;
  parallel_for(count, grain, run, [&](std::int64_t begin, std::int64_t end) {
    const std::unique_ptr<std::uint32_t[]> local(
        new std::uint32_t[static_cast<std::size_t>(level.bins())]());
    for (std::int64_t i = begin; i < end; ++i) {
      const std::uint32_t key = keys[static_cast<std::size_t>(i)];
      const std::int32_t prefix = prefix_of<digit>(levels, key);
      if (prefix >= 0) ++local[prefix * kDigitBins + digit_of_key(key, digit)];
    }
    const std::lock_guard lock(mutex);
    for (std::int64_t bin = 0; bin < level.bins(); ++bin) level.counts[bin] += local[bin];
  });
}

/** Takes every place one digit further. Returns how many prefixes the places have then. */
std::int32_t descend(std::vector<Place>& places, Level& level, int digit) {
  std::int32_t prefixes = 0;
  for (Place& place : places) {
    const std::int64_t first = std::int64_t{place.prefix} * kDigitBins;
    std::int64_t bin = first;
    while (place.rank >= level.counts[bin]) place.rank -= level.counts[bin++];
    if (level.next[bin] < 0) level.next[bin] = prefixes++;
    place.prefix = level.next[bin];
    place.key |= key_of_digit(static_cast<std::uint32_t>(bin - first), digit);
  }
  return prefixes;
}

/** Finds the keys at the places' ranks: three counting passes, whatever the values are. */
void select(const Keys& keys, std::int64_t count, std::vector<Place>& places, const Run& run) {
  Level levels[kDigits];
  levels[0].reset(1);
  count_digit<0>(keys, count, levels, run);
  levels[1].reset(descend(places, levels[0], 0));
  count_digit<1>(keys, count, levels, run);
  levels[2].reset(descend(places, levels[1], 1));
  count_digit<2>(keys, count, levels, run);
  descend(places, levels[2], 2);
}

}  // namespace

std::vector<double> apply(const Request& request, const Run& run) {
  const std::int64_t count = element_count(request.input);
  const Keys keys = keys_of(request.input, run);
  std::vector<RankOfPercent> ranks;
  std::vector<Place> places;
  for (const double percent : request.percents) {
    ranks.push_back(rank_of_percent(percent, count));
    places.push_back(Place{ranks.back().below});
    places.push_back(Place{ranks.back().above});
  }
  select(keys, count, places, run);
  std::vector<double> results;
  for (std::size_t p = 0; p < ranks.size(); ++p) {
    const double below = FloatOfKey{}(places[2 * p].key);
    const double above = FloatOfKey{}(places[2 * p + 1].key);
    results.push_back(interpolate_ranks(below, above, ranks[p].t));
  }
  return results;
}

}  // namespace sextant::order_statistics::SEXTANT_VARIANT
