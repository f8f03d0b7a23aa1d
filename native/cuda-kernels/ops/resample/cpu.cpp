#include <cstdlib>
#include <vector>

#include "ops/resample/resample.hpp"

namespace sextant::resample::SEXTANT_VARIANT {

namespace {

/** About this many elements between two looks at the cancellation flag. */
constexpr std::int64_t kTileElements = 16384;

/** The output seen as rows along its fastest axis. */
struct Rows {
  int inner, outer0, outer1;
  std::int64_t count, length, grain;
};

Rows rows_of(const TensorView& output) {
  int inner = 2;
  for (int axis = 1; axis >= 0; --axis) {
    const bool shorter = std::llabs(output.strides[axis]) < std::llabs(output.strides[inner]);
    if (output.shape[inner] == 1 || (output.shape[axis] != 1 && shorter)) inner = axis;
  }
  const int outer0 = inner == 0 ? 1 : 0;
  const int outer1 = inner == 2 ? 1 : 2;
  const std::int64_t length = output.shape[inner];
  const std::int64_t grain = length > 0 ? kTileElements / length + 1 : 1;
  return {inner, outer0, outer1, output.shape[outer0] * output.shape[outer1], length, grain};
}

/** An input axis' samples for every index of the output axis that it follows. */
template <class A>
struct AxisTable {
  int follows = -1;  // the output axis, or -1: the same everywhere
  std::vector<std::int64_t> low, high;  // element offsets, stride included
  std::vector<A> weight;
  std::vector<unsigned char> inside;
};

template <class A>
AxisTable<A> make_table(const Request& r, int axis) {
  AxisTable<A> table;
  for (int column = 0; column < 3; ++column) {
    if (r.map[4 * axis + column] != 0.0) table.follows = column;
  }
  const std::int64_t count = table.follows < 0 ? 1 : r.output.shape[table.follows];
  for (std::int64_t o = 0; o < count; ++o) {
    double at[3] = {0, 0, 0};
    if (table.follows >= 0) at[table.follows] = static_cast<double>(o);
    const auto sample = sample_axis<A>(position(r.map, axis, at[0], at[1], at[2]),
                                       r.input.shape[axis], r.interpolation);
    table.low.push_back(sample.low * r.input.strides[axis]);
    table.high.push_back(sample.high * r.input.strides[axis]);
    table.weight.push_back(sample.weight);
    table.inside.push_back(sample.inside);
  }
  return table;
}

/** The input axis that alone follows the output axis `inner`, when every axis follows one at most. */
int inner_input_axis(const Request& r, int inner) {
  int found = -1;
  for (int axis = 0; axis < 3; ++axis) {
    int followed = 0;
    for (int column = 0; column < 3; ++column) followed += r.map[4 * axis + column] != 0.0;
    if (followed > 1) return -1;
    if (r.map[4 * axis + inner] == 0.0) continue;
    if (found >= 0) return -1;
    found = axis;
  }
  return found;
}

/** One row whose input axis `Inner` moves; the other two stand still at (low, high, weight). */
template <class T, int Inner, class A>
void aligned_row(const Request& r, const AxisTable<A>& moving, const std::int64_t (&still)[3][2],
                 const A (&still_weight)[3], float* out, std::int64_t step, std::int64_t length) {
  const T* data = static_cast<const T*>(r.input.data);
  const bool identity = r.slope == 1.0 && r.intercept == 0.0;
  for (std::int64_t x = 0; x < length; ++x) {
    if (!moving.inside[x]) {
      out[x * step] = r.fill;
      continue;
    }
    const std::int64_t ends[2] = {moving.low[x], moving.high[x]};
    A v[8];
    for (int corner = 0; corner < 8; ++corner) {
      const int bit[3] = {(corner >> 2) & 1, (corner >> 1) & 1, corner & 1};
      std::int64_t offset = ends[bit[Inner]];
      for (int axis = 0; axis < 3; ++axis) {
        if (axis != Inner) offset += still[axis][bit[axis]];
      }
      v[corner] = static_cast<A>(data[offset]);
    }
    const A w = moving.weight[x];
    const A value = blend(v, Inner == 0 ? w : still_weight[0], Inner == 1 ? w : still_weight[1],
                          Inner == 2 ? w : still_weight[2]);
    out[x * step] = identity ? static_cast<float>(value) : finish(value, r.slope, r.intercept);
  }
}

template <class T>
void aligned(const Request& r, const Run& run, const Rows& rows, int inner_input) {
  using A = Accumulator<T>;
  const AxisTable<A> tables[3] = {make_table<A>(r, 0), make_table<A>(r, 1), make_table<A>(r, 2)};
  parallel_for(rows.count, rows.grain, run, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      std::int64_t o[3] = {0, 0, 0};
      o[rows.outer0] = row / r.output.shape[rows.outer1];
      o[rows.outer1] = row % r.output.shape[rows.outer1];
      float* out = &output_at(r, o[0], o[1], o[2]);
      const std::int64_t step = r.output.strides[rows.inner];
      std::int64_t still[3][2] = {};
      A weight[3] = {};
      bool inside = true;
      for (int axis = 0; axis < 3; ++axis) {
        if (axis == inner_input) continue;
        const auto& table = tables[axis];
        const std::int64_t at = table.follows < 0 ? 0 : o[table.follows];
        still[axis][0] = table.low[at];
        still[axis][1] = table.high[at];
        weight[axis] = table.weight[at];
        inside = inside && table.inside[at] != 0;
      }
      if (!inside) {
        for (std::int64_t x = 0; x < rows.length; ++x) out[x * step] = r.fill;
        continue;
      }
      const auto& moving = tables[inner_input];
      if (inner_input == 0) aligned_row<T, 0>(r, moving, still, weight, out, step, rows.length);
      if (inner_input == 1) aligned_row<T, 1>(r, moving, still, weight, out, step, rows.length);
      if (inner_input == 2) aligned_row<T, 2>(r, moving, still, weight, out, step, rows.length);
    }
  });
}

template <class T>
void oblique(const Request& r, const Run& run, const Rows& rows) {
  const bool empty = element_count(r.input) == 0;
  parallel_for(rows.count, rows.grain, run, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      std::int64_t o[3] = {0, 0, 0};
      o[rows.outer0] = row / r.output.shape[rows.outer1];
      o[rows.outer1] = row % r.output.shape[rows.outer1];
      for (o[rows.inner] = 0; o[rows.inner] < rows.length; ++o[rows.inner]) {
        output_at(r, o[0], o[1], o[2]) = empty ? r.fill : element<T>(r, o[0], o[1], o[2]);
      }
    }
  });
}

}  // namespace

void apply(const Request& request, const Run& run) {
  const Rows rows = rows_of(request.output);
  if (rows.count == 0 || rows.length == 0) return;
  const int inner_input =
      element_count(request.input) == 0 ? -1 : inner_input_axis(request, rows.inner);
  with_dtype(request.input.dtype, [&]<class T>() {
    if (inner_input >= 0) {
      aligned<T>(request, run, rows, inner_input);
    } else {
      oblique<T>(request, run, rows);
    }
  });
}

}  // namespace sextant::resample::SEXTANT_VARIANT
