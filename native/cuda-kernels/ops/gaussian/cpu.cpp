#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "ops/gaussian/gaussian.hpp"

namespace sextant::gaussian::SEXTANT_VARIANT {
namespace {

// Sums side by side: neighbours along the line, or so many lines at once.
constexpr std::int64_t kBlock = 32;
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

template <class T>
void gather(const T* from, std::int64_t stride, std::int64_t count, double* to) {
  if (stride == 1) {
    for (std::int64_t n = 0; n < count; ++n) to[n] = static_cast<double>(from[n]);
  } else {
    for (std::int64_t n = 0; n < count; ++n) to[n] = static_cast<double>(from[n * stride]);
  }
}

void scatter(const double* from, std::int64_t count, float* to, std::int64_t stride) {
  if (stride == 1) {
    for (std::int64_t n = 0; n < count; ++n) to[n] = static_cast<float>(from[n]);
  } else {
    for (std::int64_t n = 0; n < count; ++n) to[n * stride] = static_cast<float>(from[n]);
  }
}

/**
 * The lines of a pass, `width` of them at once: neighbours along the output's fastest other axis, so that
 * whole lines of the cache are read. Where the smoothed axis itself is the fastest, one at a time.
 */
struct Lines {
  Lines(const TensorView& view, int axis_) : axis(axis_), length(view.shape[axis_]) {
    for (int other = 0; other < view.rank; ++other) {
      if (other == axis || view.shape[other] == 1) continue;
      const bool nearer = columns < 0 || distance(view, other) < distance(view, columns);
      if (nearer) columns = other;
    }
    if (columns >= 0 && distance(view, axis) <= distance(view, columns)) columns = -1;
    width = columns < 0 ? 1 : kBlock;
    groups = columns < 0 ? 1 : (view.shape[columns] + kBlock - 1) / kBlock;
    count = groups;
    for (int other = 0; other < view.rank; ++other) {
      if (other != axis && other != columns) count *= view.shape[other];
    }
  }

  static std::int64_t distance(const TensorView& view, int axis) {
    return std::llabs(view.strides[axis]);
  }

  /** Where the first of the lines of unit `index` begins, in elements. */
  std::int64_t start(const TensorView& view, std::int64_t index) const {
    std::int64_t offset = columns < 0 ? 0 : index % groups * kBlock * view.strides[columns];
    index /= groups;
    for (int other = view.rank - 1; other >= 0; --other) {
      if (other == axis || other == columns) continue;
      offset += index % view.shape[other] * view.strides[other];
      index /= view.shape[other];
    }
    return offset;
  }

  /** How many lines a unit has: the last one of a row of units has what is left. */
  std::int64_t lines_of(const TensorView& view, std::int64_t index) const {
    if (columns < 0) return 1;
    return std::min(kBlock, view.shape[columns] - index % groups * kBlock);
  }

  int axis;
  int columns = -1;
  std::int64_t length, width, groups, count;
};

/** Room for the lines of one unit in float64, continued by the radius at both ends. */
class Workspace {
 public:
  Workspace(const Lines& lines, const Pass& pass)
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

  const Lines& lines_;
  const Pass& pass_;
  std::int64_t size_;
  std::unique_ptr<double[]> memory_;
};

/** One unit of lines: read whole before any of it is written, so that both views may be the same. */
template <class T>
void smooth_unit(const TensorView& from, const TensorView& to, const Lines& lines, const Pass& pass,
                 std::int64_t index, Workspace& work) {
  const T* in = static_cast<const T*>(from.data) + lines.start(from, index);
  float* out = static_cast<float*>(to.data) + lines.start(to, index);
  const std::int64_t in_step = from.strides[lines.axis], out_step = to.strides[lines.axis];
  double block[kBlock];
  if (lines.columns < 0) {
    gather(in, in_step, lines.length, work.element(0));
    work.extend();
    for (std::int64_t i = 0; i < lines.length; i += kBlock) {
      smooth_block(work.element(i), 1, pass, block);
      scatter(block, std::min(kBlock, lines.length - i), out + i * out_step, out_step);
    }
    return;
  }
  const std::int64_t width = lines.lines_of(to, index);
  for (std::int64_t i = 0; i < lines.length; ++i) {
    gather(in + i * in_step, from.strides[lines.columns], width, work.element(i));
  }
  work.extend();
  for (std::int64_t i = 0; i < lines.length; ++i) {
    smooth_block(work.element(i), kBlock, pass, block);
    scatter(block, width, out + i * out_step, to.strides[lines.columns]);
  }
}

void smooth_axis(const TensorView& from, const TensorView& to, const Pass& pass, const Run& run) {
  const Lines lines(to, pass.axis);
  const std::int64_t grain = 1 + kTileElements / (lines.length * lines.width);
  parallel_for(lines.count, grain, run, [&](std::int64_t begin, std::int64_t end) {
    Workspace work(lines, pass);
    with_dtype(from.dtype, [&]<class T>() {
      for (std::int64_t index = begin; index < end; ++index) {
        smooth_unit<T>(from, to, lines, pass, index, work);
      }
    });
  });
}

}  // namespace

void smooth(const Request& request, const Run& run) {
  if (element_count(request.output) == 0) return;
  const TensorView* from = &request.input;
  for (int axis = 0; axis < request.output.rank; ++axis) {
    const std::vector<double>& weights = request.weights[axis];
    if (weights.empty()) continue;
    const auto radius = static_cast<std::int64_t>(weights.size()) - 1;
    const Pass pass{axis, request.border, request.fill, weights.data(), radius};
    smooth_axis(*from, request.output, pass, run);
    from = &request.output;
  }
}

}  // namespace sextant::gaussian::SEXTANT_VARIANT
