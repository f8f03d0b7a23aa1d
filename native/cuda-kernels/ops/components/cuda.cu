// Runs on a GPU only: its threads join labels with atomics and CUB counts them, which the emulated grid
// cannot do. On a machine without one, this file is compiled by nvcc and no test runs it.
#ifndef SEXTANT_EMULATED

#include <thrust/device_vector.h>
#include <thrust/iterator/constant_iterator.h>
#include <thrust/iterator/zip_iterator.h>
#include <thrust/reduce.h>
#include <thrust/sort.h>
#include <thrust/transform_reduce.h>
#include <thrust/tuple.h>

#include "ops/components/components.hpp"
#include "ops/launch.hpp"

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

}  // namespace

std::int64_t apply(const Request& request, const Run& run) {
  run.cancellation.throw_if_requested();
  const std::int64_t count = element_count(request.mask);
  if (count == 0) return 0;
  const DeviceTensor mask(request.mask);
  const TensorView& view = mask.view();
  const Grid grid{static_cast<std::uint8_t*>(view.data),
                  {view.shape[0], view.shape[1], view.shape[2]},
                  {view.strides[0], view.strides[1], view.strides[2]},
                  {request.label}};
  thrust::device_vector<Label> storage(static_cast<std::size_t>(count));
  Label* labels = thrust::raw_pointer_cast(storage.data());
  launch(count, label_voxels, grid, labels, count);
  launch(count, join_neighbours, grid, labels, request.connectivity, count);
  launch(count, flatten, labels, count);
  run.cancellation.throw_if_requested();
  const Component largest = largest_of(storage);
  const Label* flat = labels;
  launch(count, erase_others, grid, flat, largest.root, count);
  mask.download();
  return largest.voxels;
}

}  // namespace sextant::components::cuda

#endif  // SEXTANT_EMULATED
