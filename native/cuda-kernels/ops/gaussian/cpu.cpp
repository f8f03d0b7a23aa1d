#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "ops/gaussian/gaussian.hpp"
#include "ops/line_groups.hpp"

namespace sextant::gaussian::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

namespace {

// Sums side by side: neighbours along the line, or the lines of a group.
constexpr std::int64_t kBlock = kGroupLines;
constexpr int kLanes = 8;
using Reals = double __attribute__((vector_size(kLanes * sizeof(double))));
constexpr int kParts = kBlock / kLanes;

/** About this many elements between two looks at the cancellation flag. */
constexpr std::int64_t kTileElements = 65536;

/** Smooths kBlock elements; an element's neighbours on the line lie `step` apart. */
void smooth_block(const double* centre, std::int64_t step, const Pass& pass, double* out) {
  Reals sum[kParts];
#pragma GCC unroll 4
  for (int part = 0; part < kParts; ++part) {
    std::memcpy(&sum[part], centre + part * kLanes, sizeof(Reals));
    sum[part] *= pass.weights[0];
  }
  for (std::int64_t j = pass.radius; j > 0; --j) {
    const double weight = pass.weights[j];
    const double* before = centre - j * step;
    const double* after = centre + j * step;
#pragma GCC unroll 4
    for (int part = 0; part < kParts; ++part) {
      Reals low, high;
      std::memcpy(&low, before + part * kLanes, sizeof(Reals));
      std::memcpy(&high, after + part * kLanes, sizeof(Reals));
      sum[part] += (low + high) * weight;
    }
  }
  std::memcpy(out, sum, sizeof sum);
}

/** Room for the lines of one group in float64, continued by the radius at both ends. */
class Workspace {
 public:
  Workspace(const LineGroups& lines, const Pass& pass)
      : lines_(lines),
        pass_(pass),
        // Blocks begin inside the line and may end behind it.
        size_((lines.length + 2 * pass.radius) * lines.width + kBlock),
        memory_(std::make_unique<double[]>(static_cast<std::size_t>(size_))) {}

  double* element(std::int64_t i) { return memory_.get() + (i + pass_.radius) * lines_.width; }

  void extend() {
    for (std::int64_t i = 1; i <= pass_.radius; ++i) {
      extend_to(-i);
      extend_to(lines_.length - 1 + i);
    }
  }

 private:
  void extend_to(std::int64_t i) {
    const std::int64_t from = source_index(i, lines_.length, pass_.border);
    if (from < 0) {
      std::fill_n(element(i), lines_.width, pass_.fill);
    } else {
      std::copy_n(element(from), lines_.width, element(i));
    }
  }

  const LineGroups& lines_;
  const Pass& pass_;
  std::int64_t size_;
  std::unique_ptr<double[]> memory_;
};

/** One group of lines: read whole before any of it is written, so that both views may be the same. */
template <class T>
void smooth_group(const TensorView& from, const TensorView& to, const LineGroups& lines, const Pass& pass,
                 std::int64_t index, Workspace& work) {
  const T* in = static_cast<const T*>(from.data) + lines.start(from, index);
  float* out = static_cast<float*>(to.data) + lines.start(to, index);
  const std::int64_t in_step = from.strides[lines.axis], out_step = to.strides[lines.axis];
  double block[kBlock];
  if (lines.columns < 0) {
    copy_elements(in, in_step, lines.length, work.element(0), 1);
    work.extend();
    for (std::int64_t i = 0; i < lines.length; i += kBlock) {
      smooth_block(work.element(i), 1, pass, block);
      copy_elements(block, 1, std::min(kBlock, lines.length - i), out + i * out_step, out_step);
    }
    return;
  }
  const std::int64_t width = lines.lines_of(to, index);
  for (std::int64_t i = 0; i < lines.length; ++i) {
    copy_elements(in + i * in_step, from.strides[lines.columns], width, work.element(i), 1);
  }
  work.extend();
  for (std::int64_t i = 0; i < lines.length; ++i) {
    smooth_block(work.element(i), kBlock, pass, block);
    copy_elements(block, 1, width, out + i * out_step, to.strides[lines.columns]);
  }
}

void smooth_axis(const TensorView& from, const TensorView& to, const Pass& pass, const Run& run) {
  const LineGroups lines(to, pass.axis);
  const std::int64_t grain = 1 + kTileElements / (lines.length * lines.width);
  parallel_for(lines.count, grain, run, [&](std::int64_t begin, std::int64_t end) {
    Workspace work(lines, pass);
    with_dtype(from.dtype, [&]<class T>() {
      for (std::int64_t index = begin; index < end; ++index) {
        smooth_group<T>(from, to, lines, pass, index, work);
      }
    });
  });
}

Pass pass_of(const Request& request, int axis) {
  const std::vector<double>& weights = request.weights[axis];
  return {axis, request.border, request.fill, weights.data(),
          static_cast<std::int64_t>(weights.size()) - 1};
}

int slowest_axis(const TensorView& view) {
  int slowest = 0;
  for (int axis = 1; axis < view.rank; ++axis) {
    if (std::llabs(view.strides[axis]) > std::llabs(view.strides[slowest])) slowest = axis;
  }
  return slowest;
}

TensorView plane_of(const TensorView& view, int axis, std::int64_t index) {
  TensorView plane = view;
  plane.data = static_cast<std::byte*>(view.data) + index * view.strides[axis] * size_of(view.dtype);
  plane.shape[axis] = 1;
  return plane;
}

/** Smooths the axes [first, last) plane by plane of another axis: the second pass finds it in the cache. */
void smooth_planes(const Request& request, const TensorView& from, int first, int last, int across,
                   const Run& run) {
  parallel_for(from.shape[across], 1, run, [&](std::int64_t begin, std::int64_t end) {
    const Run alone{run.cancellation, run.target};
    for (std::int64_t index = begin; index < end; ++index) {
      const TensorView to = plane_of(request.output, across, index);
      TensorView plane = plane_of(from, across, index);
      for (int axis = first; axis < last; ++axis) {
        if (request.weights[axis].empty()) continue;
        smooth_axis(plane, to, pass_of(request, axis), alone);
        plane = to;
      }
    }
  });
}

/** Fewer planes would not keep many threads at work. */
constexpr std::int64_t kFewPlanes = 16;

}  // namespace

void smooth(const Request& request, const Run& run) {
  if (element_count(request.output) == 0) return;
  const TensorView* from = &request.input;
  const int slowest = slowest_axis(request.output);
  const bool by_planes = request.output.shape[slowest] >= kFewPlanes;
  for (int axis = 0; axis < request.output.rank;) {
    int next = axis + 1;
    if (request.weights[axis].empty()) {
      axis = next;
      continue;
    }
    if (by_planes && axis != slowest) {
      while (next < request.output.rank && next != slowest) ++next;
      smooth_planes(request, *from, axis, next, slowest, run);
    } else {
      smooth_axis(*from, request.output, pass_of(request, axis), run);
    }
    from = &request.output;
    axis = next;
  }
}

}  // namespace sextant::gaussian::SEXTANT_VARIANT
