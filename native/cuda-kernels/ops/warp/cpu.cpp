#include <algorithm>
#include <cstdlib>
#include <vector>

#include "ops/warp/axis_taps.hpp"
#include "ops/warp/piece.hpp"
#include "ops/warp/warp.hpp"

namespace sextant::warp::SEXTANT_VARIANT {
namespace {

/** About this many elements between two looks at the cancellation flag. */
constexpr std::int64_t kTileElements = 16384;

/** Rows made side by side where the output's memory runs across them: a cache line of float32. */
constexpr std::int64_t kPanelRows = 16;

AxisTaps taps_along(const Request& request, int axis) {
  return {request.sampling.output.shape[axis], request.displacement.shape[axis + 1], request.cubic};
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
        taps_{taps_along(request, 0), taps_along(request, 1), taps_along(request, 2)},
        in_pieces_(request.sampling.interpolation == kLinear && fits_piece(request.sampling)) {}

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
    for (std::int64_t k = 0; k < out.shape[2]; k += kPiece) {
      const std::int64_t count = std::min(kPiece, out.shape[2] - k);
      for (std::int64_t row = 0; row < rows; ++row) {
        o[panels_.axis] = first + row;
        o[2] = k;
        make_piece<T>(o, count, columns.data() + row * 3 * points);
      }
    }
  }

 private:
  void fill_columns(const std::int64_t (&o)[3], double* columns) const {
    const std::int64_t points = request_.displacement.shape[3];
    const Taps& i = taps_[0].at(o[0]);
    const Taps& j = taps_[1].at(o[1]);
    if (taps_[0].is_point(o[0]) && taps_[1].is_point(o[1])) {
      return copy_columns(i.index[0], j.index[0], columns);
    }
    for (int c = 0; c < 3; ++c) {
      for (std::int64_t point = 0; point < points; ++point) {
        columns[c * points + point] = column(request_.displacement, c, i, j, point);
      }
    }
  }

  void copy_columns(std::int64_t i, std::int64_t j, double* columns) const {
    const TensorView& field = request_.displacement;
    const std::int64_t points = field.shape[3];
    for (int c = 0; c < 3; ++c) {
      const float* data = static_cast<const float*>(field.data) + c * field.strides[0] +
                          i * field.strides[1] + j * field.strides[2];
      double* to = columns + c * points;
      if (field.strides[3] == 1) {
        std::copy_n(data, points, to);
      } else {
        for (std::int64_t point = 0; point < points; ++point) to[point] = data[point * field.strides[3]];
      }
    }
  }

  /** Some elements of a row from `o` on. */
  template <class T>
  void make_piece(std::int64_t (&o)[3], std::int64_t count, const double* columns) const {
    const std::int64_t points = request_.displacement.shape[3];
    double d[3][kPiece];
    for (int c = 0; c < 3; ++c) {
      const double* column = columns + c * points;
      if (taps_[2].is_dense()) {
        std::copy_n(column + o[2], count, d[c]);
      } else {
        taps_[2].interpolate(column, o[2], count, d[c]);
      }
    }
    if (in_pieces_) {
      Piece<T>(request_, o, static_cast<std::int32_t>(count), d).write();
      return;
    }
    for (std::int64_t n = 0; n < count; ++n, ++o[2]) {
      const double at[3] = {d[0][n], d[1][n], d[2][n]};
      make_element<T>(request_, o, at);
    }
  }

  const Request& request_;
  const Panels& panels_;
  AxisTaps taps_[3];
  bool in_pieces_;
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
