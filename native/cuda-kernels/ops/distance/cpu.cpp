#include <algorithm>
#include <memory>
#include <vector>

#include "ops/distance/distance.hpp"
#include "ops/line_groups.hpp"

namespace sextant::distance::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

namespace {

/** About this many voxels between two looks at the cancellation flag. */
constexpr std::int64_t kTileVoxels = 65536;

constexpr double kNone = __builtin_huge_val();

/** A group of lines in float64, the lines side by side, and room for the envelope of one of them. */
class Workspace {
 public:
  explicit Workspace(const LineGroups& lines)
      : width_(lines.width),
        values_(std::make_unique<double[]>(size(lines.length * lines.width))),
        sites_(size(lines.length)),
        heights_(size(lines.length)),
        from_(size(lines.length)) {}

  double* row(std::int64_t i) { return values_.get() + i * width_; }
  LineOf<double> line(std::int64_t column) { return {values_.get() + column, width_}; }
  Envelope envelope() { return {sites_.data(), heights_.data(), from_.data()}; }

 private:
  static std::size_t size(std::int64_t count) { return static_cast<std::size_t>(count); }

  std::int64_t width_;
  std::unique_ptr<double[]> values_;
  std::vector<std::int64_t> sites_;
  std::vector<double> heights_, from_;
};

/** Calls body(group, workspace) for each group of lines of an axis. */
template <class Body>
void for_each_group(const LineGroups& lines, const Run& run, const Body& body) {
  const std::int64_t grain = 1 + kTileVoxels / (lines.length * lines.width);
  parallel_for(lines.count, grain, run, [&](std::int64_t begin, std::int64_t end) {
    Workspace work(lines);
    for (std::int64_t index = begin; index < end; ++index) body(index, work);
  });
}

/** Steps to the nearest zero of the line, from the one side and then from the other, as squared distances. */
void count_steps(const Request& request, int axis, const Run& run) {
  const TensorView& mask = request.mask;
  const TensorView& out = request.output;
  const LineGroups lines(out, axis);
  const double square = request.spacing[axis] * request.spacing[axis];
  const std::int64_t n = lines.length;
  for_each_group(lines, run, [&](std::int64_t index, Workspace& work) {
    const std::uint8_t* in = static_cast<const std::uint8_t*>(mask.data) + lines.start(mask, index);
    float* to = static_cast<float*>(out.data) + lines.start(out, index);
    const std::int64_t width = lines.lines_of(out, index);
    const std::int64_t in_step = lines.columns < 0 ? 0 : mask.strides[lines.columns];
    const std::int64_t out_step = lines.columns < 0 ? 0 : out.strides[lines.columns];
    for (std::int64_t i = 0; i < n; ++i) {
      const std::uint8_t* voxels = in + i * mask.strides[axis];
      double* steps = work.row(i);
      const double* before = i == 0 ? nullptr : work.row(i - 1);
      for (std::int64_t c = 0; c < width; ++c) {
        steps[c] = voxels[c * in_step] == 0 ? 0 : before == nullptr ? kNone : before[c] + 1;
      }
    }
    for (std::int64_t i = n - 1; i >= 0; --i) {
      double* steps = work.row(i);
      if (i < n - 1) {
        const double* after = work.row(i + 1);
        for (std::int64_t c = 0; c < width; ++c) steps[c] = std::min(steps[c], after[c] + 1);
      }
      float* line = to + i * out.strides[axis];
      for (std::int64_t c = 0; c < width; ++c) {
        line[c * out_step] = static_cast<float>(squared(square, steps[c]));
      }
    }
  });
}

/** A group's squared distances into the workspace. Returns whether any is above 0. */
bool read_group(const float* from, const TensorView& out, const LineGroups& lines,
                std::int64_t width, Workspace& work) {
  bool any = false;
  const std::int64_t step = lines.columns < 0 ? 1 : out.strides[lines.columns];
  for (std::int64_t i = 0; i < lines.length; ++i) {
    double* row = work.row(i);
    copy_elements(from + i * out.strides[lines.axis], step, width, row, 1);
    for (std::int64_t c = 0; c < width; ++c) any |= row[c] != 0;
  }
  return any;
}

void add_axis(const Request& request, int axis, bool is_last, const Run& run) {
  const TensorView& out = request.output;
  const LineGroups lines(out, axis);
  const double square = request.spacing[axis] * request.spacing[axis];
  const std::int64_t step = lines.columns < 0 ? 1 : out.strides[lines.columns];
  for_each_group(lines, run, [&](std::int64_t index, Workspace& work) {
    float* first = static_cast<float*>(out.data) + lines.start(out, index);
    const std::int64_t width = lines.lines_of(out, index);
    if (!read_group(first, out, lines, width, work)) return;
    for (std::int64_t c = 0; c < width; ++c) {
      lower_envelope(work.line(c), lines.length, square, is_last, work.envelope());
    }
    for (std::int64_t i = 0; i < lines.length; ++i) {
      copy_elements(work.row(i), 1, width, first + i * out.strides[axis], step);
    }
  });
}

}  // namespace

void apply(const Request& request, const Run& run) {
  if (element_count(request.output) == 0) return;
  count_steps(request, 0, run);
  add_axis(request, 1, false, run);
  add_axis(request, 2, true, run);
}

}  // namespace sextant::distance::SEXTANT_VARIANT
