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

/** Elements of a row that are made together, step by step, so that each step's loop is short and vectorises. */
constexpr std::int64_t kPiece = 64;

/** A linearly interpolated piece of a row: what make_element does, to the bit. */
template <class T, class A = resample::Accumulator<T>>
class Piece {
 public:
  /** d[c][n]: the displacement along axis c of element o + n on axis 2. The input has no empty axis. */
  Piece(const Request& request, const std::int64_t (&o)[3], std::int64_t count,
        const double (&d)[3][kPiece])
      : r_(request.sampling), count_(count) {
    const std::int64_t* steps = r_.output.strides;
    offset_ = o[0] * steps[0] + o[1] * steps[1] + o[2] * steps[2];
    std::fill_n(inside_, kPiece, true);
    const auto i = static_cast<double>(o[0]), j = static_cast<double>(o[1]);
    for (int axis = 0; axis < 3; ++axis) {
      for (std::int64_t n = 0; n < count; ++n) {
        const double z = static_cast<double>(o[2] + n) + d[2][n];
        at_[n] = resample::SEXTANT_VARIANT::position(r_.map, axis, i + d[0][n], j + d[1][n], z);
      }
      switch (request.border) {
        case Border::nearest:
          sample<Border::nearest>(axis);
          break;
        case Border::reflect:
          sample<Border::reflect>(axis);
          break;
        default:
          sample<Border::constant>(axis);
      }
    }
    read_corners();
  }

  void write() const {
    const std::int64_t step = r_.output.strides[2];
    for (std::int64_t n = 0; n < count_; ++n) {
      const A v[8] = {corners_[0][n], corners_[1][n], corners_[2][n], corners_[3][n],
                      corners_[4][n], corners_[5][n], corners_[6][n], corners_[7][n]};
      const A value = resample::SEXTANT_VARIANT::blend(v, weight_[0][n], weight_[1][n], weight_[2][n]);
      resample::SEXTANT_VARIANT::store(r_, offset_ + n * step, inside_[n], value);
    }
  }

 private:
  template <Border border>
  void sample(int axis) {
    const std::int64_t extent = r_.input.shape[axis], step = r_.input.strides[axis];
    for (std::int64_t n = 0; n < count_; ++n) {
      double at = at_[n];
      inside_[n] &= bring_inside(at, extent, border);
      // Beyond the field this is a voxel all the same, which is not used.
      const auto s = resample::SEXTANT_VARIANT::sample_axis<A>(at, extent, r_.interpolation);
      low_[axis][n] = s.low * step;
      high_[axis][n] = s.high * step;
      weight_[axis][n] = s.weight;
    }
  }

  void read_corners() {
    const T* data = static_cast<const T*>(r_.input.data);
    for (std::int64_t n = 0; n < count_; ++n) {
      const std::int64_t i[2] = {low_[0][n], high_[0][n]};
      const std::int64_t j[2] = {low_[1][n], high_[1][n]};
      const std::int64_t k[2] = {low_[2][n], high_[2][n]};
      for (int corner = 0; corner < 8; ++corner) {
        corners_[corner][n] =
            static_cast<A>(data[i[corner >> 2] + j[corner >> 1 & 1] + k[corner & 1]]);
      }
    }
  }

  const resample::Request& r_;
  std::int64_t count_;
  std::int64_t offset_;
  bool inside_[kPiece];
  double at_[kPiece];
  std::int64_t low_[3][kPiece], high_[3][kPiece];
  A weight_[3][kPiece];
  A corners_[8][kPiece];
};

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
    const Taps& i = taps_[0][static_cast<std::size_t>(o[0])];
    const Taps& j = taps_[1][static_cast<std::size_t>(o[1])];
    if (is_point(i) && is_point(j)) return copy_columns(i.index[0], j.index[0], columns);
    for (int c = 0; c < 3; ++c) {
      for (std::int64_t point = 0; point < points; ++point) {
        columns[c * points + point] = column(request_.displacement, c, i, j, point);
      }
    }
  }

  /** Whether an index lies on a control point, with nothing to interpolate: every one of a dense field. */
  static bool is_point(const Taps& taps) { return taps.count == 1 && taps.weight[0] == 1; }

  void copy_columns(std::int64_t i, std::int64_t j, double* columns) const {
    const TensorView& field = request_.displacement;
    const std::int64_t points = field.shape[3];
    for (int c = 0; c < 3; ++c) {
      const float* data = static_cast<const float*>(field.data) + c * field.strides[0] +
                          i * field.strides[1] + j * field.strides[2];
      for (std::int64_t point = 0; point < points; ++point) {
        columns[c * points + point] = static_cast<double>(data[point * field.strides[3]]);
      }
    }
  }

  /** Some elements of a row from `o` on. */
  template <class T>
  void make_piece(std::int64_t (&o)[3], std::int64_t count, const double* columns) const {
    double d[3][kPiece];
    for (std::int64_t n = 0; n < count; ++n) {
      double at[3];
      displacement(o[2] + n, columns, at);
      for (int c = 0; c < 3; ++c) d[c][n] = at[c];
    }
    const resample::Request& r = request_.sampling;
    if (r.interpolation == resample::Interpolation::linear && element_count(r.input) > 0) {
      Piece<T> piece(request_, o, count, d);
      piece.write();
      return;
    }
    for (std::int64_t n = 0; n < count; ++n, ++o[2]) {
      const double at[3] = {d[0][n], d[1][n], d[2][n]};
      make_element<T>(request_, o, at);
    }
  }

  void displacement(std::int64_t k, const double* columns, double (&d)[3]) const {
    const std::int64_t points = request_.displacement.shape[3];
    const Taps& taps = taps_[2][static_cast<std::size_t>(k)];
    if (is_point(taps)) {
      for (int c = 0; c < 3; ++c) d[c] = columns[c * points + taps.index[0]];
      return;
    }
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
