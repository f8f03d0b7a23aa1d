#include <algorithm>
#include <cstring>
#include <mutex>

#include "ops/line_groups.hpp"
#include "ops/overlap/overlap.hpp"

namespace sextant::overlap::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

namespace {

/** About this many voxels between two looks at the cancellation flag. */
constexpr std::int64_t kTileVoxels = std::int64_t{1} << 18;

void count_voxel(std::uint8_t a, std::uint8_t b, Counts& counts) {
  ++counts.prediction[a];
  ++counts.reference[b];
  counts.shared[a] += a == b;
}

/** Whether so many words of both rows are all the same eight voxels. */
template <int Words>
bool all_same(const std::uint8_t* a, const std::uint8_t* b, std::uint64_t same) {
  std::uint64_t of_a[Words], of_b[Words], different = 0;
  std::memcpy(of_a, a, sizeof of_a);
  std::memcpy(of_b, b, sizeof of_b);
  for (int word = 0; word < Words; ++word) different |= (of_a[word] ^ same) | (of_b[word] ^ same);
  return different == 0;
}

/** How many voxels from here on have one label in both, by eights. */
std::int64_t stretch_of_one(const std::uint8_t* a, const std::uint8_t* b, std::int64_t length) {
  std::uint64_t same;
  std::memset(&same, a[0], 8);
  std::int64_t i = 0;
  while (i + 64 <= length && all_same<8>(a + i, b + i, same)) i += 64;
  while (i + 8 <= length && all_same<1>(a + i, b + i, same)) i += 8;
  return i;
}

void count_row(const std::uint8_t* a, std::int64_t a_step, const std::uint8_t* b,
               std::int64_t b_step, std::int64_t length, Counts& counts) {
  const bool adjacent = a_step == 1 && b_step == 1;
  for (std::int64_t i = 0; i < length;) {
    // Most voxels are in the midst of something.
    const std::int64_t same = adjacent ? stretch_of_one(a + i, b + i, length - i) : 0;
    if (same > 0) {
      counts.prediction[a[i]] += same;
      counts.reference[a[i]] += same;
      counts.shared[a[i]] += same;
      i += same;
    } else {
      count_voxel(a[i * a_step], b[i * b_step], counts);
      ++i;
    }
  }
}

void add(const Counts& some, Counts& total) {
  for (std::size_t label = 0; label < kLabels; ++label) {
    total.prediction[label] += some.prediction[label];
    total.reference[label] += some.reference[label];
    total.shared[label] += some.shared[label];
  }
}

/** The axis whose voxels are nearest in memory. */
int fastest_axis(const TensorView& view) {
  int best = view.rank - 1;
  for (int axis = view.rank - 1; axis >= 0; --axis) {
    const auto reach = [&](int of) { return std::llabs(view.strides[of]); };
    if (view.shape[axis] > 1 && (view.shape[best] == 1 || reach(axis) < reach(best))) best = axis;
  }
  return best;
}

}  // namespace

Counts apply(const Request& request, const Run& run) {
  Counts total;
  const TensorView &a = request.prediction, &b = request.reference;
  if (element_count(a) == 0) return total;
  const int axis = fastest_axis(a);
  const std::int64_t length = a.shape[axis];
  std::mutex mutex;
  const LineGroups rows(a, axis);
  parallel_for(rows.count, 1 + kTileVoxels / length, run, [&](std::int64_t begin, std::int64_t end) {
    Counts counts;
    for (std::int64_t row = begin; row < end; ++row) {
      count_row(static_cast<const std::uint8_t*>(a.data) + rows.start(a, row), a.strides[axis],
                static_cast<const std::uint8_t*>(b.data) + rows.start(b, row), b.strides[axis],
                length, counts);
    }
    const std::lock_guard lock(mutex);
    add(counts, total);
  });
  return total;
}

}  // namespace sextant::overlap::SEXTANT_VARIANT
