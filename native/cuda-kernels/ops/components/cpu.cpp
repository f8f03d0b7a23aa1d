#include <algorithm>
#include <atomic>
#include <cstdint>
#include <vector>

#include "ops/components/components.hpp"
#include "ops/components/labelling.hpp"

namespace sextant::components::SEXTANT_VARIANT {
namespace {

struct Component {
  std::int64_t voxels = 0;
  std::int64_t first = INT64_MAX;  // of its voxels, in C order of the tensor as given
  RunIndex number = 0;

  /** The larger one; of equals the one that comes first. */
  bool ahead(const Component& other) const {
    return voxels == other.voxels ? first < other.first : voxels > other.voxels;
  }
};

/** All components, in the order of their numbers. */
std::vector<Component> components_of(const Labelling& labelling) {
  std::vector<Component> by_number(labelling.size());
  const Rows& rows = labelling.rows();
  labelling.for_each_run([&](std::int64_t p, std::int64_t q, const Stretch& run, RunIndex number) {
    Component& component = by_number[labelling.component(number)];
    component.number = labelling.component(number);
    component.voxels += run.stop - run.start;
    const std::int64_t c_index =
        p * rows.c_order[0] + q * rows.c_order[1] + run.start * rows.c_order[2];
    component.first = std::min(component.first, c_index);
  });
  std::erase_if(by_number, [](const Component& component) { return component.voxels == 0; });
  return by_number;
}

std::vector<Component> by_size(const Labelling& labelling) {
  std::vector<Component> components = components_of(labelling);
  std::sort(components.begin(), components.end(),
            [](const Component& a, const Component& b) { return a.ahead(b); });
  return components;
}

/** Runs of one row after another in the mask's order of planes and rows, seen in another tensor. */
struct LabelRows {
  LabelRows(const TensorView& labels, const Rows& rows) {
    base = static_cast<std::int32_t*>(labels.data);
    for (int i = 0; i < 3; ++i) strides[i] = labels.strides[rows.order[i]];
  }
  void fill(std::int64_t p, std::int64_t q, std::int64_t begin, std::int64_t end,
            std::int32_t label) const {
    std::int32_t* row = base + p * strides[0] + q * strides[1];
    for (std::int64_t i = begin; i < end; ++i) row[i * strides[2]] = label;
  }
  std::int32_t* base;
  std::int64_t strides[3];
};

/** Whether a run lies on an outer face of the mask. */
bool on_face(const Rows& rows, std::int64_t p, std::int64_t q, const Stretch& run) {
  return p == 0 || p == rows.shape[0] - 1 || q == 0 || q == rows.shape[1] - 1 || run.start == 0 ||
         run.stop == rows.shape[2];
}

}  // namespace

std::int64_t keep_largest(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  if (element_count(request.mask) == 0) return 0;
  const Labelling labelling(request, IsForeground{request.label, false}, run);
  Component best;
  for (const Component& component : components_of(labelling)) {
    if (component.ahead(best)) best = component;
  }
  const Rows& rows = labelling.rows();
  labelling.for_each_run_parallel(
      [&](std::int64_t p, std::int64_t q, const Stretch& stretch, RunIndex number) {
        if (labelling.component(number) == best.number) return;
        std::uint8_t* voxels = rows.row(p, q);
        for (std::int64_t i = stretch.start; i < stretch.stop; ++i) voxels[i * rows.strides[2]] = 0;
      });
  return best.voxels;
}

std::vector<std::int64_t> label(const Request& request, const TensorView& labels, const Run& run) {
  run.cancellation.throw_if_requested();
  std::vector<std::int64_t> ordered;
  if (element_count(request.mask) == 0) return ordered;
  const Labelling labelling(request, IsForeground{request.label, false}, run);
  const std::vector<Component> components = by_size(labelling);
  std::vector<std::int32_t> label_of(labelling.size());
  for (const Component& component : components) {
    ordered.push_back(component.voxels);
    label_of[component.number] = static_cast<std::int32_t>(ordered.size());
  }
  const Rows& rows = labelling.rows();
  const LabelRows out(labels, rows);
  parallel_for(rows.shape[0], 1, run, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) {
      for (std::int64_t q = 0; q < rows.shape[1]; ++q) out.fill(p, q, 0, rows.shape[2], 0);
    }
  });
  labelling.for_each_run_parallel(
      [&](std::int64_t p, std::int64_t q, const Stretch& stretch, RunIndex number) {
        out.fill(p, q, stretch.start, stretch.stop, label_of[labelling.component(number)]);
      });
  return ordered;
}

std::int64_t fill_holes(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  if (element_count(request.mask) == 0) return 0;
  const Labelling labelling(request, IsForeground{request.label, true}, run);
  const Rows& rows = labelling.rows();
  std::vector<std::uint8_t> open(labelling.size(), 0);
  labelling.for_each_run([&](std::int64_t p, std::int64_t q, const Stretch& stretch, RunIndex number) {
    if (on_face(rows, p, q, stretch)) open[labelling.component(number)] = 1;
  });
  const std::uint8_t value = fill_value(request.label);
  std::atomic<std::int64_t> filled{0};
  labelling.for_each_run_parallel(
      [&](std::int64_t p, std::int64_t q, const Stretch& stretch, RunIndex number) {
        if (open[labelling.component(number)] != 0) return;
        std::uint8_t* voxels = rows.row(p, q);
        std::int64_t here = 0;
        for (std::int64_t i = stretch.start; i < stretch.stop; ++i) {
          std::uint8_t& voxel = voxels[i * rows.strides[2]];
          if (voxel != 0) continue;
          voxel = value;
          ++here;
        }
        filled.fetch_add(here, std::memory_order_relaxed);
      });
  return filled.load();
}

}  // namespace sextant::components::SEXTANT_VARIANT
