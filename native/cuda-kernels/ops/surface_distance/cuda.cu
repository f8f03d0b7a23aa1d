#include "ops/launch.hpp"
#include "ops/surface_distance/surface_distance.hpp"

namespace sextant::surface_distance::SEXTANT_VARIANT {

using namespace sextant::SEXTANT_VARIANT;

/** One thread, one voxel of the box; the last axis fastest. */
__global__ void surface_kernel(Surface surface, std::int64_t count) {
  const std::int64_t index = global_index();
  if (index >= count) return;
  const std::int64_t* n = surface.beside.shape;
  const std::int64_t plane = surface.padded.strides[0], row = surface.padded.strides[1];
  const std::int64_t i = index / n[2] / n[1], j = index / n[2] % n[1], k = index % n[2];
  const std::uint8_t* voxel = static_cast<const std::uint8_t*>(surface.padded.data) +
                              (i + 1) * plane + (j + 1) * row + k + 1;
  static_cast<std::uint8_t*>(surface.beside.data)[index] = beside_surface(voxel, plane, row);
}

void mark_surface(const Surface& surface, const Run& run) {
  run.cancellation.throw_if_requested();
  const DeviceTensor padded(surface.padded);
  const DeviceTensor beside(surface.beside);
  const std::int64_t count = element_count(surface.beside);
  launch(count, surface_kernel, Surface{padded.view(), beside.view()}, count);
  beside.download();
}

}  // namespace sextant::surface_distance::SEXTANT_VARIANT
