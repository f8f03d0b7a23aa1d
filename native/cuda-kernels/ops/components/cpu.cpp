// Connected components over runs (maximal stretches of foreground along one axis) instead of voxels:
// runs of neighbouring rows are joined in a union-find by walking both rows once. Slabs are scanned and
// joined in parallel, then their seams one after another; the result does not depend on the slabs.
#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

#include "ops/components/components.hpp"

namespace sextant::components::SEXTANT_VARIANT {
namespace {

using RunIndex = std::uint32_t;

// A slab is worth a thread's attention from about this many voxels.
constexpr std::int64_t kSlabVoxels = std::int64_t{1} << 18;

/** The mask as planes of rows: rows lie along the axis whose voxels are nearest in memory. */
struct Rows {
  explicit Rows(const TensorView& mask) : base(static_cast<std::uint8_t*>(mask.data)) {
    int order[3] = {0, 1, 2};
    std::stable_sort(order, order + 3, [&](int a, int b) {
      return std::abs(mask.strides[a]) > std::abs(mask.strides[b]);
    });
    const std::int64_t c_strides[3] = {mask.shape[1] * mask.shape[2], mask.shape[2], 1};
    for (int i = 0; i < 3; ++i) {
      shape[i] = mask.shape[order[i]];
      strides[i] = mask.strides[order[i]];
      c_order[i] = c_strides[order[i]];
    }
  }

  std::uint8_t* row(std::int64_t p, std::int64_t q) const {
    return base + p * strides[0] + q * strides[1];
  }

  std::uint8_t* base;
  std::int64_t shape[3];    // planes, rows of a plane, voxels of a row
  std::int64_t strides[3];  // in bytes
  std::int64_t c_order[3];  // what a step adds to a voxel's number in C order of the tensor as given
};

/** One stretch [start, stop) of foreground in a row. */
struct Stretch {
  std::int32_t start;
  std::int32_t stop;
};

/** Some planes, scanned. Run numbers count from 0 within the slab. */
struct Slab {
  std::int64_t first_plane;
  std::int64_t planes;
  std::vector<Stretch> runs;
  std::vector<RunIndex> row_begin;  // per row of the slab its first run, and one past the last
  std::vector<RunIndex> parent;
};

RunIndex root_of(std::vector<RunIndex>& parent, RunIndex run) {
  while (parent[run] != run) {
    parent[run] = parent[parent[run]];
    run = parent[run];
  }
  return run;
}

/** The lower number becomes the root, so that roots do not depend on the order of joining. */
void join(std::vector<RunIndex>& parent, RunIndex a, RunIndex b) {
  const RunIndex root_a = root_of(parent, a);
  const RunIndex root_b = root_of(parent, b);
  parent[std::max(root_a, root_b)] = std::min(root_a, root_b);
}

/** The first index from `i` on, by eights where rows have no gaps, whose voxel is not foreground. */
std::int64_t end_of_run(const std::uint8_t* voxels, std::int64_t stride, std::int64_t i,
                        std::int64_t length, IsForeground is_foreground) {
  if (stride == 1) {
    std::uint64_t same;
    std::memset(&same, voxels[i], 8);
    for (; i + 8 <= length; i += 8) {
      std::uint64_t eight;
      std::memcpy(&eight, voxels + i, 8);
      if (eight != same) break;
    }
  }
  while (i < length && is_foreground(voxels[i * stride])) ++i;
  return i;
}

void scan_row(const std::uint8_t* voxels, std::int64_t stride, std::int64_t length,
              IsForeground is_foreground, std::vector<Stretch>& runs) {
  std::int64_t i = 0;
  while (i < length) {
    if (stride == 1 && i + 8 <= length) {
      std::uint64_t eight;
      std::memcpy(&eight, voxels + i, 8);
      if (eight == 0) {
        i += 8;
        continue;
      }
    }
    if (!is_foreground(voxels[i * stride])) {
      ++i;
      continue;
    }
    const std::int64_t start = i;
    i = end_of_run(voxels, stride, i, length, is_foreground);
    runs.push_back({static_cast<std::int32_t>(start), static_cast<std::int32_t>(i)});
  }
}

/** Walks two rows together and calls `touch(a, b)` for every pair of runs within `reach`. */
template <class Touch>
void for_touching(const Stretch* a, RunIndex a_count, const Stretch* b, RunIndex b_count, int reach,
                  Touch touch) {
  RunIndex i = 0, j = 0;
  while (i < a_count && j < b_count) {
    if (a[i].start < b[j].stop + reach && b[j].start < a[i].stop + reach) touch(i, j);
    if (a[i].stop < b[j].stop) {
      ++i;
    } else {
      ++j;
    }
  }
}

/** The rows before (p, q) that can touch it, and how far their runs reach. */
struct Neighbour {
  int dp;
  int dq;
  int reach;
};

std::vector<Neighbour> neighbours_before(int connectivity) {
  std::vector<Neighbour> found;
  constexpr int before[4][2] = {{-1, -1}, {-1, 0}, {-1, 1}, {0, -1}};
  for (const auto& [dp, dq] : before) {
    const int reach = reach_between_rows(connectivity, dp, dq);
    if (reach >= 0) found.push_back({dp, dq, reach});
  }
  return found;
}

class Labelling {
 public:
  Labelling(const Request& request, const Run& run)
      : rows_(request.mask),
        is_foreground_{request.label},
        neighbours_(neighbours_before(request.connectivity)),
        run_(run) {}

  std::int64_t keep_largest() {
    const std::int64_t plane = std::max<std::int64_t>(1, rows_.shape[1] * rows_.shape[2]);
    planes_per_slab_ = std::max<std::int64_t>(1, kSlabVoxels / plane);
    slabs_.resize(static_cast<std::size_t>((rows_.shape[0] + planes_per_slab_ - 1) / planes_per_slab_));
    parallel_for(rows_.shape[0], planes_per_slab_, run_, [&](std::int64_t begin, std::int64_t end) {
      scan(slabs_[static_cast<std::size_t>(begin / planes_per_slab_)], begin, end);
    });
    gather();
    if (parent_.empty()) return 0;
    join_seams();
    const Largest largest = choose();
    parallel_for(rows_.shape[0], planes_per_slab_, run_, [&](std::int64_t begin, std::int64_t) {
      erase_others(static_cast<std::size_t>(begin / planes_per_slab_), largest.root);
    });
    return largest.voxels;
  }

 private:
  struct Largest {
    RunIndex root;
    std::int64_t voxels;
  };

  void scan(Slab& slab, std::int64_t begin, std::int64_t end) const {
    slab.first_plane = begin;
    slab.planes = end - begin;
    for (std::int64_t p = begin; p < end; ++p) {
      for (std::int64_t q = 0; q < rows_.shape[1]; ++q) {
        slab.row_begin.push_back(static_cast<RunIndex>(slab.runs.size()));
        scan_row(rows_.row(p, q), rows_.strides[2], rows_.shape[2], is_foreground_, slab.runs);
      }
    }
    slab.row_begin.push_back(static_cast<RunIndex>(slab.runs.size()));
    slab.parent.resize(slab.runs.size());
    std::iota(slab.parent.begin(), slab.parent.end(), RunIndex{0});
    for (std::int64_t p = 0; p < slab.planes; ++p) join_plane(slab, p);
  }

  void join_plane(Slab& slab, std::int64_t p) const {
    for (std::int64_t q = 0; q < rows_.shape[1]; ++q) {
      for (const Neighbour& other : neighbours_) {
        const std::int64_t other_p = p + other.dp, other_q = q + other.dq;
        if (other_p < 0 || other_q < 0 || other_q >= rows_.shape[1]) continue;
        join_rows(slab, p, q, 0, slab, other_p, other_q, 0, other.reach, slab.parent);
      }
    }
  }

  /** Joins row (p, q) of one slab with a row of the same or the slab before. */
  void join_rows(const Slab& a, std::int64_t a_p, std::int64_t a_q, RunIndex a_offset, const Slab& b,
                 std::int64_t b_p, std::int64_t b_q, RunIndex b_offset, int reach,
                 std::vector<RunIndex>& parent) const {
    const auto a_row = static_cast<std::size_t>(a_p * rows_.shape[1] + a_q);
    const auto b_row = static_cast<std::size_t>(b_p * rows_.shape[1] + b_q);
    const RunIndex a_begin = a.row_begin[a_row], b_begin = b.row_begin[b_row];
    for_touching(a.runs.data() + a_begin, a.row_begin[a_row + 1] - a_begin, b.runs.data() + b_begin,
                 b.row_begin[b_row + 1] - b_begin, reach, [&](RunIndex i, RunIndex j) {
                   join(parent, a_offset + a_begin + i, b_offset + b_begin + j);
                 });
  }

  /** One union-find over the runs of all slabs. */
  void gather() {
    RunIndex offset = 0;
    for (Slab& slab : slabs_) {
      offsets_.push_back(offset);
      for (const RunIndex parent : slab.parent) parent_.push_back(parent + offset);
      offset += static_cast<RunIndex>(slab.parent.size());
      std::vector<RunIndex>().swap(slab.parent);
    }
  }

  void join_seams() {
    for (std::size_t s = 1; s < slabs_.size(); ++s) {
      run_.cancellation.throw_if_requested();
      for (std::int64_t q = 0; q < rows_.shape[1]; ++q) {
        for (const Neighbour& other : neighbours_) {
          const std::int64_t other_q = q + other.dq;
          if (other.dp == 0 || other_q < 0 || other_q >= rows_.shape[1]) continue;
          join_rows(slabs_[s], 0, q, offsets_[s], slabs_[s - 1], slabs_[s - 1].planes - 1, other_q,
                    offsets_[s - 1], other.reach, parent_);
        }
      }
    }
  }

  /** Visits the runs of a slab with their plane, row and number over all slabs. */
  template <class Visit>
  void for_runs(std::size_t s, Visit visit) const {
    const Slab& slab = slabs_[s];
    std::size_t row = 0;
    for (std::int64_t p = slab.first_plane; p < slab.first_plane + slab.planes; ++p) {
      for (std::int64_t q = 0; q < rows_.shape[1]; ++q, ++row) {
        for (RunIndex r = slab.row_begin[row]; r < slab.row_begin[row + 1]; ++r) {
          visit(p, q, slab.runs[r], offsets_[s] + r);
        }
      }
    }
  }

  /** Also flattens the union-find: afterwards each run's parent is its root. */
  Largest choose() {
    std::vector<std::int64_t> voxels(parent_.size(), 0);
    std::vector<std::int64_t> first(parent_.size(), INT64_MAX);
    for (std::size_t s = 0; s < slabs_.size(); ++s) {
      run_.cancellation.throw_if_requested();
      for_runs(s, [&](std::int64_t p, std::int64_t q, const Stretch& run, RunIndex number) {
        // A parent has a lower number than its child, so it is flat already.
        const RunIndex root = parent_[number] = parent_[parent_[number]];
        voxels[root] += run.stop - run.start;
        const std::int64_t c_index =
            p * rows_.c_order[0] + q * rows_.c_order[1] + run.start * rows_.c_order[2];
        first[root] = std::min(first[root], c_index);
      });
    }
    RunIndex best = 0;
    for (RunIndex root = 1; root < voxels.size(); ++root) {
      const bool ahead = voxels[root] == voxels[best] ? first[root] < first[best]
                                                      : voxels[root] > voxels[best];
      if (ahead) best = root;
    }
    return {best, voxels[best]};
  }

  void erase_others(std::size_t s, RunIndex kept) const {
    for_runs(s, [&](std::int64_t p, std::int64_t q, const Stretch& run, RunIndex number) {
      if (parent_[number] == kept) return;
      std::uint8_t* voxels = rows_.row(p, q);
      for (std::int64_t i = run.start; i < run.stop; ++i) voxels[i * rows_.strides[2]] = 0;
    });
  }

  const Rows rows_;
  const IsForeground is_foreground_;
  const std::vector<Neighbour> neighbours_;
  const Run& run_;
  std::int64_t planes_per_slab_ = 1;
  std::vector<Slab> slabs_;
  std::vector<RunIndex> offsets_;
  std::vector<RunIndex> parent_;
};

}  // namespace

std::int64_t apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  if (element_count(request.mask) == 0) return 0;
  return Labelling(request, run).keep_largest();
}

}  // namespace sextant::components::SEXTANT_VARIANT
