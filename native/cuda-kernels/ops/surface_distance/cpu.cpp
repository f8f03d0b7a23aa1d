#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include "ops/distance/distance.hpp"
#include "ops/surface_distance/box.hpp"
#include "ops/surface_distance/surface_distance.hpp"

namespace sextant::surface_distance::SEXTANT_VARIANT {

void mark_surface(const Surface& surface, const Run& run) {
  const std::int64_t* n = surface.beside.shape;
  const std::int64_t plane = surface.padded.strides[0], row = surface.padded.strides[1];
  parallel_for(n[0], 1, run, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::int64_t j = 0; j < n[1]; ++j) {
        const std::uint8_t* voxels = static_cast<const std::uint8_t*>(surface.padded.data) +
                                     (i + 1) * plane + (j + 1) * row + 1;
        std::uint8_t* beside =
            static_cast<std::uint8_t*>(surface.beside.data) + (i * n[1] + j) * n[2];
        for (std::int64_t k = 0; k < n[2]; ++k) beside[k] = beside_surface(voxels + k, plane, row);
      }
    }
  });
}

namespace {

/** A dense tensor in C order over memory of somebody else. */
template <class T>
TensorView dense(std::vector<T>& memory, Dtype dtype, const std::int64_t (&shape)[3]) {
  TensorView view{};
  view.data = memory.data();
  view.dtype = dtype;
  view.rank = 3;
  for (int axis = 0; axis < 3; ++axis) view.shape[axis] = shape[axis];
  view.strides[0] = shape[1] * shape[2];
  view.strides[1] = shape[2];
  view.strides[2] = 1;
  return view;
}

/** The axes in the order of the prediction's memory: distances do not depend on it, but the time does. */
Request in_memory_order(const Request& given) {
  int order[3] = {0, 1, 2};
  const std::int64_t* strides = given.prediction.strides;
  std::stable_sort(order, order + 3, [&](int a, int b) {
    return std::llabs(strides[a]) > std::llabs(strides[b]);
  });
  Request request = given;
  for (int axis = 0; axis < 3; ++axis) {
    request.spacing[axis] = given.spacing[order[axis]];
    for (const auto& [from, to] : {std::pair{&given.prediction, &request.prediction},
                                   std::pair{&given.reference, &request.reference}}) {
      to->shape[axis] = from->shape[order[axis]];
      to->strides[axis] = from->strides[order[axis]];
    }
  }
  return request;
}

/** The surface of a mask within the box. */
std::vector<std::uint8_t> surface_of(const TensorView& mask, const IsForeground& is_foreground,
                                     const Box& box, const Run& run) {
  const std::int64_t shape[3] = {box.extent(0), box.extent(1), box.extent(2)};
  const std::int64_t padded_shape[3] = {shape[0] + 2, shape[1] + 2, shape[2] + 2};
  std::vector<std::uint8_t> padded = cut_out(mask, is_foreground, box, run);
  std::vector<std::uint8_t> beside(static_cast<std::size_t>(shape[0] * shape[1] * shape[2]));
  mark({dense(padded, Dtype::uint8, padded_shape), dense(beside, Dtype::uint8, shape)}, run);
  return beside;
}

/** What the field has on a surface, plane by plane in order, so that sums do not depend on the threads. */
std::vector<float> values_on(const std::vector<std::uint8_t>& beside,
                             const std::vector<float>& field, std::int64_t planes, const Run& run) {
  const std::size_t plane = beside.size() / static_cast<std::size_t>(planes);
  std::vector<std::vector<float>> of_plane(static_cast<std::size_t>(planes));
  parallel_for(planes, 1, run, [&](std::int64_t begin, std::int64_t end) {
    for (auto p = static_cast<std::size_t>(begin); p < static_cast<std::size_t>(end); ++p) {
      for (std::size_t n = p * plane; n < (p + 1) * plane; ++n) {
        if (beside[n] == 0) of_plane[p].push_back(field[n]);
      }
    }
  });
  std::vector<float> values;
  for (const auto& some : of_plane) values.insert(values.end(), some.begin(), some.end());
  return values;
}

/** Linear between the two nearest ranks, as numpy.percentile; reorders the values. */
double percentile_of(std::vector<float>& values, double percentile) {
  const double at = percentile / 100 * static_cast<double>(values.size() - 1);
  const auto rank = static_cast<std::ptrdiff_t>(std::floor(at));
  const auto middle = values.begin() + rank;
  std::nth_element(values.begin(), middle, values.end());
  const double low = static_cast<double>(*middle);
  if (middle + 1 == values.end()) return low;
  const double high = static_cast<double>(*std::min_element(middle + 1, values.end()));
  return low + (high - low) * (at - std::floor(at));
}

Directed figures_of(std::vector<float> values, double percentile) {
  Directed directed;
  directed.voxels = static_cast<std::int64_t>(values.size());
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value);
  directed.mean = sum / static_cast<double>(values.size());
  directed.max = static_cast<double>(*std::max_element(values.begin(), values.end()));
  directed.percentile = percentile_of(values, percentile);
  return directed;
}

std::int64_t voxels_of(const std::vector<std::uint8_t>& beside) {
  return std::count(beside.begin(), beside.end(), std::uint8_t{0});
}

}  // namespace

Distances measure(const Request& given, const Run& run) {
  run.cancellation.throw_if_requested();
  Distances found;
  const Request request = in_memory_order(given);
  if (element_count(request.prediction) == 0) return found;
  const IsForeground is_foreground{request.label, false};
  Box box = box_of(request.prediction, is_foreground, run);
  box.add(box_of(request.reference, is_foreground, run));
  if (box.empty()) return found;
  auto prediction = surface_of(request.prediction, is_foreground, box, run);
  auto reference = surface_of(request.reference, is_foreground, box, run);
  found.from_prediction.voxels = voxels_of(prediction);
  found.from_reference.voxels = voxels_of(reference);
  if (found.from_prediction.voxels == 0 || found.from_reference.voxels == 0) return found;

  const std::int64_t shape[3] = {box.extent(0), box.extent(1), box.extent(2)};
  std::vector<float> field(prediction.size());
  distance::Request distances{{}, dense(field, Dtype::float32, shape), {}};
  std::copy_n(request.spacing, 3, distances.spacing);
  distances.mask = dense(reference, Dtype::uint8, shape);
  distance::apply(distances, run);
  found.from_prediction =
      figures_of(values_on(prediction, field, shape[0], run), request.percentile);
  distances.mask = dense(prediction, Dtype::uint8, shape);
  distance::apply(distances, run);
  found.from_reference = figures_of(values_on(reference, field, shape[0], run), request.percentile);
  return found;
}

}  // namespace sextant::surface_distance::SEXTANT_VARIANT
