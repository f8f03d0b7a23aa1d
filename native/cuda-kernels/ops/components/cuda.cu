// Runs on a GPU only: its threads join labels with atomics and CUB counts them, which the emulated grid
// cannot do. On a machine without one, this file is compiled by nvcc and no test runs it.
#ifndef SEXTANT_EMULATED

#include <thrust/binary_search.h>
#include <thrust/copy.h>
#include <thrust/device_vector.h>
#include <thrust/functional.h>
#include <thrust/iterator/constant_iterator.h>
#include <thrust/iterator/zip_iterator.h>
#include <thrust/reduce.h>
#include <thrust/sort.h>
#include <thrust/transform_reduce.h>
#include <thrust/tuple.h>

#include "ops/components/components.hpp"
#include "ops/launch.hpp"
#include "tensor/element_offset.hpp"

namespace sextant::components::cuda {

using namespace sextant::cuda;

namespace {

// A label is the C-order number of a voxel of the same component; all labels fit 32 bits, since masks
// have less than 2^32 voxels and the last value is free for the background.
using Label = unsigned int;
constexpr Label kBackground = 0xffffffffu;

struct Grid {
  std::uint8_t* data;
  std::int64_t shape[3];
  std::int64_t strides[3];
  IsForeground is_foreground;

  __device__ std::uint8_t& at(std::int64_t index) const {
    const std::int64_t k = index % shape[2], j = index / shape[2] % shape[1];
    const std::int64_t i = index / shape[2] / shape[1];
    return data[i * strides[0] + j * strides[1] + k * strides[2]];
  }
};

__global__ void label_voxels(Grid grid, Label* labels, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  labels[index] = grid.is_foreground(grid.at(index)) ? static_cast<Label>(index) : kBackground;
}

__device__ Label find_root(const volatile Label* labels, Label label) {
  while (labels[label] != label) label = labels[label];
  return label;
}

/** Hangs the higher root under the lower one. Another thread may move a root meanwhile: try again. */
__device__ void join(Label* labels, Label a, Label b) {
  for (;;) {
    a = find_root(labels, a);
    b = find_root(labels, b);
    if (a == b) return;
    const Label low = a < b ? a : b, high = a < b ? b : a;
    const Label before = atomicMin(labels + high, low);
    if (before == high) return;
    a = before;
    b = low;
  }
}

/** Every voxel joins those of its neighbours that come before it in C order. */
__global__ void join_neighbours(Grid grid, Label* labels, int connectivity, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count || labels[index] == kBackground) return;
  const std::int64_t k = index % grid.shape[2], j = index / grid.shape[2] % grid.shape[1];
  const std::int64_t i = index / grid.shape[2] / grid.shape[1];
  // Of the 27 steps from (-1, -1, -1) to (1, 1, 1), the 13 before the middle lead backwards.
  for (int step = 0; step < 13; ++step) {
    const int di = step / 9 - 1, dj = step / 3 % 3 - 1, dk = step % 3 - 1;
    if (reach_between_rows(connectivity, di, dj) < (dk != 0 ? 1 : 0)) continue;
    const std::int64_t a = i + di, b = j + dj, c = k + dk;
    if (a < 0 || b < 0 || c < 0 || b >= grid.shape[1] || c >= grid.shape[2]) continue;
    const std::int64_t other = (a * grid.shape[1] + b) * grid.shape[2] + c;
    if (labels[other] != kBackground) {
      join(labels, static_cast<Label>(index), static_cast<Label>(other));
    }
  }
}

__global__ void flatten(Label* labels, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count || labels[index] == kBackground) return;
  labels[index] = find_root(labels, static_cast<Label>(index));
}

__global__ void erase_others(Grid grid, const Label* labels, Label kept, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count || labels[index] == kBackground || labels[index] == kept) return;
  grid.at(index) = 0;
}

struct Component {
  Label root;
  std::int64_t voxels;
};

/** A root is its component's first voxel in C order, so of equals the lowest root stays. */
struct Larger {
  __host__ __device__ Component operator()(const Component& a, const Component& b) const {
    if (a.voxels != b.voxels) return a.voxels > b.voxels ? a : b;
    return a.root < b.root ? a : b;
  }
};

struct MakeComponent {
  __host__ __device__ Component operator()(const thrust::tuple<Label, std::int64_t>& pair) const {
    const Label root = thrust::get<0>(pair);
    return {root, root == kBackground ? 0 : thrust::get<1>(pair)};
  }
};

Component largest_of(thrust::device_vector<Label> labels) {
  thrust::sort(labels.begin(), labels.end());
  thrust::device_vector<Label> roots(labels.size());
  thrust::device_vector<std::int64_t> voxels(labels.size());
  const auto ends = thrust::reduce_by_key(labels.begin(), labels.end(),
                                          thrust::make_constant_iterator(std::int64_t{1}),
                                          roots.begin(), voxels.begin());
  const auto first = thrust::make_zip_iterator(roots.begin(), voxels.begin());
  const auto last = thrust::make_zip_iterator(ends.first, ends.second);
  return thrust::transform_reduce(first, last, MakeComponent{}, Component{kBackground, 0},
                                  Larger{});
}

struct SizedComponents {
  thrust::device_vector<Label> roots;
  thrust::device_vector<std::int64_t> voxels;
};

/** The components, the background left out, the largest first and those of one size by their root. */
SizedComponents ordered_components(thrust::device_vector<Label> labels) {
  thrust::sort(labels.begin(), labels.end());
  SizedComponents found{thrust::device_vector<Label>(labels.size()),
                        thrust::device_vector<std::int64_t>(labels.size())};
  // Sorted, the background comes last.
  const auto end = thrust::lower_bound(labels.begin(), labels.end(), kBackground);
  const auto ends = thrust::reduce_by_key(labels.begin(), end,
                                          thrust::make_constant_iterator(std::int64_t{1}),
                                          found.roots.begin(), found.voxels.begin());
  const auto count = static_cast<std::size_t>(ends.first - found.roots.begin());
  found.roots.resize(count);
  found.voxels.resize(count);
  // Roots are in order already, and a stable sort leaves those of one size so.
  thrust::stable_sort_by_key(found.voxels.begin(), found.voxels.end(), found.roots.begin(),
                             thrust::greater<std::int64_t>());
  return found;
}

/** The number of a component at its root, counted from 1. */
__global__ void number_roots(const Label* roots, std::int32_t* numbers, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index < count) numbers[roots[index]] = static_cast<std::int32_t>(index + 1);
}

__global__ void write_numbers(const Label* labels, const std::int32_t* numbers, TensorView out,
                              std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  static_cast<std::int32_t*>(out.data)[element_offset(out, index)] =
      labels[index] == kBackground ? 0 : numbers[labels[index]];
}

__global__ void mark_open(Grid grid, const Label* labels, std::uint8_t* open, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count || labels[index] == kBackground) return;
  const std::int64_t k = index % grid.shape[2], j = index / grid.shape[2] % grid.shape[1];
  const std::int64_t i = index / grid.shape[2] / grid.shape[1];
  const bool on_face = i == 0 || j == 0 || k == 0 || i == grid.shape[0] - 1 ||
                       j == grid.shape[1] - 1 || k == grid.shape[2] - 1;
  if (on_face) open[labels[index]] = 1;
}

__global__ void fill_closed(Grid grid, const Label* labels, const std::uint8_t* open,
                            std::uint8_t value, unsigned long long* filled, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count || labels[index] == kBackground || open[labels[index]] != 0) return;
  if (grid.at(index) != 0) return;
  grid.at(index) = value;
  atomicAdd(filled, 1ULL);
}

Grid grid_of(const TensorView& view, const IsForeground& is_foreground) {
  return {static_cast<std::uint8_t*>(view.data),
          {view.shape[0], view.shape[1], view.shape[2]},
          {view.strides[0], view.strides[1], view.strides[2]},
          is_foreground};
}

/** The root of each voxel's component. */
thrust::device_vector<Label> label_all(const Grid& grid, int connectivity, std::int64_t count,
                                       const Run& run) {
  thrust::device_vector<Label> storage(static_cast<std::size_t>(count));
  Label* labels = thrust::raw_pointer_cast(storage.data());
  launch(count, label_voxels, grid, labels, count);
  launch(count, join_neighbours, grid, labels, connectivity, count);
  launch(count, flatten, labels, count);
  run.cancellation.throw_if_requested();
  return storage;
}

}  // namespace

std::int64_t keep_largest(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const std::int64_t count = element_count(request.mask);
  if (count == 0) return 0;
  const DeviceTensor mask(request.mask);
  const Grid grid = grid_of(mask.view(), IsForeground{request.label, false});
  const auto storage = label_all(grid, request.connectivity, count, run);
  const Component largest = largest_of(storage);
  launch(count, erase_others, grid, thrust::raw_pointer_cast(storage.data()), largest.root, count);
  mask.download();
  return largest.voxels;
}

std::vector<std::int64_t> label(const Request& request, const TensorView& labels, const Run& run) {
  run.cancellation.throw_if_requested();
  const std::int64_t count = element_count(request.mask);
  if (count == 0) return {};
  const DeviceTensor mask(request.mask);
  const DeviceTensor output(labels);
  const Grid grid = grid_of(mask.view(), IsForeground{request.label, false});
  const auto storage = label_all(grid, request.connectivity, count, run);
  const SizedComponents found = ordered_components(storage);
  thrust::device_vector<std::int32_t> numbers(static_cast<std::size_t>(count));
  std::int32_t* const number_of = thrust::raw_pointer_cast(numbers.data());
  const auto components = static_cast<std::int64_t>(found.roots.size());
  launch(components, number_roots, thrust::raw_pointer_cast(found.roots.data()), number_of,
         components);
  launch(count, write_numbers, thrust::raw_pointer_cast(storage.data()), number_of, output.view(),
         count);
  output.download();
  std::vector<std::int64_t> voxels(found.voxels.size());
  thrust::copy(found.voxels.begin(), found.voxels.end(), voxels.begin());
  return voxels;
}

std::int64_t fill_holes(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const std::int64_t count = element_count(request.mask);
  if (count == 0) return 0;
  const DeviceTensor mask(request.mask);
  const Grid grid = grid_of(mask.view(), IsForeground{request.label, true});
  const auto storage = label_all(grid, request.connectivity, count, run);
  const Label* labels = thrust::raw_pointer_cast(storage.data());
  thrust::device_vector<std::uint8_t> open(static_cast<std::size_t>(count), 0);
  thrust::device_vector<unsigned long long> filled(1, 0ULL);
  std::uint8_t* const open_at = thrust::raw_pointer_cast(open.data());
  launch(count, mark_open, grid, labels, open_at, count);
  launch(count, fill_closed, grid, labels, open_at, fill_value(request.label),
         thrust::raw_pointer_cast(filled.data()), count);
  mask.download();
  return static_cast<std::int64_t>(static_cast<unsigned long long>(filled[0]));
}

}  // namespace sextant::components::cuda

#endif  // SEXTANT_EMULATED
