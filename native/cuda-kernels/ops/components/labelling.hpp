// Connected components over runs instead of voxels: runs of neighbouring rows are joined in a union-find
// by walking both rows once. Slabs are scanned and joined in parallel, then their seams one after another;
// the result does not depend on the slabs.
#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

#include "ops/components/runs.hpp"

namespace sextant::components::SEXTANT_VARIANT {

// A slab is worth a thread's attention from about this many voxels.
inline constexpr std::int64_t kSlabVoxels = std::int64_t{1} << 18;

/** The components found; a component's number is that of one of its runs. */
class Labelling {
 public:
  Labelling(const Request& request, const IsForeground& is_foreground, const Run& run)
      : rows_(request.mask),
        is_foreground_(is_foreground),
        neighbours_(neighbours_before(request.connectivity)),
        run_(run) {
    const std::int64_t plane = std::max<std::int64_t>(1, rows_.shape[1] * rows_.shape[2]);
    planes_per_slab_ = std::max<std::int64_t>(1, kSlabVoxels / plane);
    slabs_.resize(static_cast<std::size_t>((rows_.shape[0] + planes_per_slab_ - 1) / planes_per_slab_));
    parallel_for(rows_.shape[0], planes_per_slab_, run_, [&](std::int64_t begin, std::int64_t end) {
      scan(slabs_[static_cast<std::size_t>(begin / planes_per_slab_)], begin, end);
    });
    gather();
    join_seams();
    flatten();
  }

  const Rows& rows() const { return rows_; }
  /** How many runs there are. */
  std::size_t size() const { return parent_.size(); }
  /** The component of a run. */
  RunIndex component(RunIndex number) const { return parent_[number]; }

  /** Visits all runs, in the order of their numbers, with their plane and row. */
  template <class Visit>
  void for_each_run(Visit visit) const {
    for (std::size_t s = 0; s < slabs_.size(); ++s) {
      run_.cancellation.throw_if_requested();
      for_runs(s, visit);
    }
  }

  /** The same, slabs at once. */
  template <class Visit>
  void for_each_run_parallel(Visit visit) const {
    parallel_for(rows_.shape[0], planes_per_slab_, run_, [&](std::int64_t begin, std::int64_t) {
      for_runs(static_cast<std::size_t>(begin / planes_per_slab_), visit);
    });
  }

 private:
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

  /** Afterwards each run's parent is its root: a parent has a lower number than its child. */
  void flatten() {
    for (std::size_t number = 0; number < parent_.size(); ++number) {
      parent_[number] = parent_[parent_[number]];
    }
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

}  // namespace sextant::components::SEXTANT_VARIANT
