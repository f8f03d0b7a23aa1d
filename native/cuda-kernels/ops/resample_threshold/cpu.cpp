#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

#include "ops/resample_threshold/cells.hpp"

namespace sextant::resample_threshold::SEXTANT_VARIANT {

namespace {

using sampling::Samples;

/** About this many elements between two looks at the cancellation flag. */
constexpr std::int64_t kTileElements = 65536;

/** The output as rows along axes[2], whose steps in memory are the shortest; axes[0] has the longest. */
struct OutputRows {
  explicit OutputRows(const TensorView& output) : view(output) {
    std::stable_sort(axes, axes + 3, [&](int a, int b) {
      const auto length = [&](int axis) {
        return output.shape[axis] == 1 ? std::numeric_limits<std::int64_t>::max()
                                       : std::llabs(output.strides[axis]);
      };
      return length(a) > length(b);
    });
    length = output.shape[axes[2]];
    count = output.shape[axes[0]] * output.shape[axes[1]];
    grain = kTileElements / length + 1;
  }

  std::int64_t plane_of(std::int64_t row) const { return row / view.shape[axes[1]]; }
  std::int64_t row_of(std::int64_t row) const { return row % view.shape[axes[1]]; }

  TensorView view;
  int axes[3] = {0, 1, 2};
  std::int64_t count, length, grain;
};

/** Bounds of a tile's rows, made row by row. */
class RowBounds {
 public:
  explicit RowBounds(const OutputRows& rows) : rows_(rows) {}

  /** Takes in elements [begin, end) of a row. */
  void include(std::int64_t row, std::int64_t begin, std::int64_t end) {
    const std::int64_t plane = rows_.plane_of(row), within = rows_.row_of(row);
    std::int64_t low[3], high[3];
    low[rows_.axes[0]] = plane;
    high[rows_.axes[0]] = plane + 1;
    low[rows_.axes[1]] = within;
    high[rows_.axes[1]] = within + 1;
    low[rows_.axes[2]] = begin;
    high[rows_.axes[2]] = end;
    bounds.include(low, high);
  }

  Bounds bounds;

 private:
  const OutputRows& rows_;
};

/** Runs body(row, bounds) for every row; what the tiles found is joined. */
template <class Body>
Bounds for_rows(const OutputRows& rows, const Run& run, const Body& body) {
  const auto tiles = static_cast<std::size_t>((rows.count + rows.grain - 1) / rows.grain);
  std::vector<Bounds> found(tiles);
  parallel_for(rows.count, rows.grain, run, [&](std::int64_t begin, std::int64_t end) {
    RowBounds bounds(rows);
    body(begin, end, bounds);
    found[static_cast<std::size_t>(begin / rows.grain)] = bounds.bounds;
  });
  Bounds all;
  for (const Bounds& tile : found) {
    if (!tile.empty()) all.include(tile.low, tile.high);
  }
  return all;
}

template <class T>
Bounds element_by_element(const Request& r, const OutputRows& rows, float lowest, const Run& run) {
  const resample::Request made = resampling_of(r);
  return for_rows(rows, run, [&](std::int64_t begin, std::int64_t end, RowBounds& bounds) {
    for (std::int64_t row = begin; row < end; ++row) {
      std::int64_t o[3];
      o[rows.axes[0]] = rows.plane_of(row);
      o[rows.axes[1]] = rows.row_of(row);
      for (std::int64_t x = 0; x < rows.length; ++x) {
        o[rows.axes[2]] = x;
        if (!reaches<T>(made, lowest, o[0], o[1], o[2])) continue;
        output_at(r.output, o[0], o[1], o[2]) = 1;
        bounds.include(row, x, x + 1);
      }
    }
  });
}

/** Which input axis follows each output axis; false where it is not one to one. */
bool followers(const Request& r, int (&input_axis)[3]) {
  for (int column = 0; column < 3; ++column) {
    int found = 0;
    for (int axis = 0; axis < 3; ++axis) {
      if (r.map[4 * axis + column] == 0.0) continue;
      input_axis[column] = axis;
      ++found;
    }
    if (found != 1) return false;
  }
  return input_axis[0] + input_axis[1] + input_axis[2] == 3 && input_axis[0] != input_axis[1];
}

/** Sets what reaches the threshold; returns whether anything did. */
template <class A>
bool paint(const A* __restrict line, float lowest, std::int64_t begin, std::int64_t end,
           std::uint8_t* __restrict out, std::int64_t step) {
  std::uint8_t any = 0;
  if (step == 1) {
    for (std::int64_t x = begin; x < end; ++x) {
      const std::uint8_t reached = static_cast<float>(line[x]) >= lowest;
      any |= reached;
      out[x] = reached ? 1 : out[x];
    }
  } else {
    for (std::int64_t x = begin; x < end; ++x) {
      if (!(static_cast<float>(line[x]) >= lowest)) continue;
      any = 1;
      out[x * step] = 1;
    }
  }
  return any != 0;
}

void paint_all(std::int64_t begin, std::int64_t end, std::uint8_t* out, std::int64_t step) {
  if (step == 1) {
    std::memset(out + begin, 1, static_cast<std::size_t>(end - begin));
  } else {
    for (std::int64_t x = begin; x < end; ++x) out[x * step] = 1;
  }
}

/** A thread's room for rows mixed between the planes and rows of the input, and for an output row. */
template <class A>
struct Scratch {
  Scratch(std::int64_t input_length, std::int64_t output_length)
      : line(static_cast<std::size_t>(output_length)) {
    for (auto& row : mixed) row.resize(static_cast<std::size_t>(input_length));
  }

  /** Two rows mixed by one weight, where `span` needs them. */
  const A* mix_rows(int place, const A* low, const A* high, A weight, const Span& span) {
    A* __restrict to = mixed[place].data();
    for (std::int64_t n = span.from; n <= span.to; ++n) to[n] = sampling::mix(low[n], high[n], weight);
    return to;
  }

  std::vector<A> mixed[3];
  std::vector<A> line;
};

/** Where an input axis that stands still along a row is read. */
template <class A>
struct Still {
  Still(const AxisTable<A>& table, std::int64_t at)
      : low(table.low[at]), high(table.high[at]), weight(table.weight[at]) {}
  std::int64_t low, high;
  A weight;
};

/** The rows of a tile for maps that go one axis to one axis. `axes` are the input's, as `rows.axes`. */
template <class A>
class CellRows {
 public:
  CellRows(const Rows<A>& input, const OutputRows& rows, const int (&axes)[3],
           const AxisTable<A> (&tables)[3], const Spans<A>& spans, float lowest)
      : input_(input), rows_(rows), axes_(axes), tables_(tables), spans_(spans), lowest_(lowest) {}

  void operator()(std::int64_t begin, std::int64_t end, RowBounds& bounds) const {
    Scratch<A> scratch(input_.length, rows_.length);
    const std::int64_t step = rows_.view.strides[rows_.axes[2]];
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t plane = rows_.plane_of(row), within = rows_.row_of(row);
      if (!tables_[0].inside(plane) || !tables_[1].inside(within)) continue;
      const Still<A> first(tables_[0], plane), second(tables_[1], within);
      auto* out = static_cast<std::uint8_t*>(rows_.view.data) +
                  plane * rows_.view.strides[rows_.axes[0]] +
                  within * rows_.view.strides[rows_.axes[1]];
      for (const Span& span : spans_.at(first.low, second.low)) {
        if (span.set) {
          paint_all(span.begin, span.end, out, step);
          bounds.include(row, span.begin, span.end);
          continue;
        }
        interpolate(first, second, span, scratch);
        const A* line = scratch.line.data();
        if (paint(line, lowest_, span.begin, span.end, out, step)) include(row, span, line, bounds);
      }
    }
  }

 private:
  /** Axis 2 of the input is mixed first and axis 0 last, whichever of them moves along the row. */
  void interpolate(const Still<A>& plane, const Still<A>& row, const Span& span,
                   Scratch<A>& scratch) const {
    const A* const ll = input_.at(plane.low, row.low);
    const A* const lh = input_.at(plane.low, row.high);
    const A* const hl = input_.at(plane.high, row.low);
    const A* const hh = input_.at(plane.high, row.high);
    // The later of the two axes that stand still is mixed before the earlier one.
    const bool rows_first = axes_[1] > axes_[0];
    const A* const other_low = rows_first ? lh : hl;
    const A* const other_high = rows_first ? hl : lh;
    const A early = rows_first ? row.weight : plane.weight;
    const A late = rows_first ? plane.weight : row.weight;
    Samples<A> at(tables_[2]);
    at.begin = span.begin;
    at.end = span.end;
    A* const line = scratch.line.data();
    if (axes_[2] == 2) {
      sampling::along_four(at, ll, other_low, other_high, hh, late, early, line);
      return;
    }
    const A* const low = scratch.mix_rows(0, ll, other_low, early, span);
    const A* const high = scratch.mix_rows(1, other_high, hh, early, span);
    if (axes_[2] == 1) {
      sampling::along_two(at, low, high, late, line);
      return;
    }
    sampling::along_one(at, scratch.mix_rows(2, low, high, late, span), line);
  }

  /** Only the outermost elements that are set count, so only they are looked for. */
  void include(std::int64_t row, const Span& span, const A* line, RowBounds& bounds) const {
    std::int64_t begin = span.begin, end = span.end;
    while (!(static_cast<float>(line[begin]) >= lowest_)) ++begin;
    while (!(static_cast<float>(line[end - 1]) >= lowest_)) --end;
    bounds.include(row, begin, end);
  }

  const Rows<A>& input_;
  const OutputRows& rows_;
  const int (&axes_)[3];
  const AxisTable<A> (&tables_)[3];
  const Spans<A>& spans_;
  float lowest_;
};

template <class T, class A = resample::Accumulator<T>>
Bounds cell_by_cell(const Request& r, const OutputRows& rows, const int (&axes)[3], float lowest,
                    const Run& run) {
  const resample::Request made = resampling_of(r);
  const AxisTable<A> tables[3] = {sampling::make_table<A>(made, axes[0]),
                                  sampling::make_table<A>(made, axes[1]),
                                  sampling::make_table<A>(made, axes[2])};
  const Rows<A> input = rows_of<T, A>(r.input, axes, run);
  const Spans<A> spans(input, tables[2], lowest, run);
  return for_rows(rows, run, CellRows<A>(input, rows, axes, tables, spans, lowest));
}

/** The tables and spans count in 32 bits. */
bool is_small(const TensorView& view) {
  constexpr std::int64_t largest = std::numeric_limits<std::int32_t>::max() - 1;
  return std::all_of(view.shape, view.shape + 3, [](std::int64_t n) { return n <= largest; });
}

}  // namespace

Bounds apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  if (element_count(request.input) == 0 || element_count(request.output) == 0) return {};
  const OutputRows rows(request.output);
  const float lowest = lowest_reaching(request.at_least);
  int input_axis[3];
  const bool aligned = is_small(request.input) && is_small(request.output) &&
                       followers(request, input_axis);
  Bounds bounds;
  with_dtype(request.input.dtype, [&]<class T>() {
    if (!aligned) {
      bounds = element_by_element<T>(request, rows, lowest, run);
      return;
    }
    const int axes[3] = {input_axis[rows.axes[0]], input_axis[rows.axes[1]],
                         input_axis[rows.axes[2]]};
    bounds = cell_by_cell<T>(request, rows, axes, lowest, run);
  });
  return bounds;
}

}  // namespace sextant::resample_threshold::SEXTANT_VARIANT
