#include <algorithm>
#include <cstdlib>
#include <vector>

#include "ops/warp/warp.hpp"

namespace sextant::warp::SEXTANT_VARIANT {
namespace {

/** About this many elements between two looks at the cancellation flag. */
constexpr std::int64_t kTileElements = 16384;

/** Rows made side by side where the output's memory runs across them: a cache line of float32. */
constexpr std::int64_t kPanelRows = 16;

std::vector<Taps> taps_along(const Request& request, int axis) {
  const std::int64_t n = request.sampling.output.shape[axis];
  std::vector<Taps> taps;
  taps.reserve(static_cast<std::size_t>(n));
  for (std::int64_t o = 0; o < n; ++o) {
    taps.push_back(taps_of(o, n, request.displacement.shape[axis + 1], request.cubic));
  }
  return taps;
}

/** Which of the axes 0 and 1 the rows of a panel follow each other on, and how many they are. */
struct Panels {
  explicit Panels(const TensorView& output) {
    const auto distance = [&](int other) { return std::llabs(output.strides[other]); };
    axis = output.shape[0] > 1 && distance(0) < distance(1) ? 0 : 1;
    rows = distance(axis) < distance(2) ? kPanelRows : 1;
    groups = (output.shape[axis] + rows - 1) / rows;
    count = groups * output.shape[1 - axis];
  }
  int axis;
  std::int64_t rows, groups, count;
};

/** Rows along axis 2. The field's axes 0 and 1 are interpolated once a row. */
class PanelMaker {
 public:
  PanelMaker(const Request& request, const Panels& panels)
      : request_(request),
        panels_(panels),
        taps_{taps_along(request, 0), taps_along(request, 1), taps_along(request, 2)} {}

  template <class T>
  void make(std::int64_t index, std::vector<double>& columns) const {
    const TensorView& out = request_.sampling.output;
    const std::int64_t points = request_.displacement.shape[3];
    std::int64_t o[3];
    o[1 - panels_.axis] = index / panels_.groups;
    const std::int64_t first = index % panels_.groups * panels_.rows;
    const std::int64_t rows = std::min(panels_.rows, out.shape[panels_.axis] - first);
    columns.resize(static_cast<std::size_t>(rows * 3 * points));
    for (std::int64_t row = 0; row < rows; ++row) {
      o[panels_.axis] = first + row;
      fill_columns(o, columns.data() + row * 3 * points);
    }
    for (o[2] = 0; o[2] < out.shape[2]; ++o[2]) {
      for (std::int64_t row = 0; row < rows; ++row) {
        o[panels_.axis] = first + row;
        double d[3];
        displacement(o[2], columns.data() + row * 3 * points, d);
        make_element<T>(request_, o, d);
      }
    }
  }

 private:
  void fill_columns(const std::int64_t (&o)[3], double* columns) const {
    const std::int64_t points = request_.displacement.shape[3];
    const Taps& i = taps_[0][static_cast<std::size_t>(o[0])];
    const Taps& j = taps_[1][static_cast<std::size_t>(o[1])];
    for (int c = 0; c < 3; ++c) {
      for (std::int64_t point = 0; point < points; ++point) {
        columns[c * points + point] = column(request_.displacement, c, i, j, point);
      }
    }
  }

  void displacement(std::int64_t k, const double* columns, double (&d)[3]) const {
    const std::int64_t points = request_.displacement.shape[3];
    const Taps& taps = taps_[2][static_cast<std::size_t>(k)];
    for (int c = 0; c < 3; ++c) {
      d[c] = 0;
      for (int tap = 0; tap < taps.count; ++tap) {
        d[c] += taps.weight[tap] * columns[c * points + taps.index[tap]];
      }
    }
  }

  const Request& request_;
  const Panels& panels_;
  std::vector<Taps> taps_[3];
};

}  // namespace

void apply(const Request& request, const Run& run) {
  const TensorView& output = request.sampling.output;
  if (element_count(output) == 0) return;
  const Panels panels(output);
  const PanelMaker maker(request, panels);
  const std::int64_t grain = 1 + kTileElements / (output.shape[2] * panels.rows);
  with_dtype(request.sampling.input.dtype, [&]<class T>() {
    parallel_for(panels.count, grain, run, [&](std::int64_t begin, std::int64_t end) {
      std::vector<double> columns;
      for (std::int64_t index = begin; index < end; ++index) maker.make<T>(index, columns);
    });
  });
}

}  // namespace sextant::warp::SEXTANT_VARIANT
