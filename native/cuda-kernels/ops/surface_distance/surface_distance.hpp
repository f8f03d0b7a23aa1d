// How far apart the surfaces of two masks lie. A mask's surface are its voxels that touch by a face a voxel
// of something else or the outside of the tensor; a surface voxel's distance is that to the nearest surface
// voxel of the other mask, centre to centre.
#pragma once

#include <cstdint>

#include "ops/host_device.hpp"
#include "ops/parallel.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::surface_distance {

struct Request {
  TensorView prediction;  // uint8, 3 axes
  TensorView reference;   // uint8, the same shape
  int label;              // the value looked at (1 to 255), or components::kAnyLabel
  double spacing[3];
  double percentile;  // 0 to 100
};

/** The distances from one surface to the other; numbers of nothing where either has no voxel. */
struct Directed {
  std::int64_t voxels = 0;
  double mean = 0;
  double percentile = 0;
  double max = 0;
};

struct Distances {
  Directed from_prediction;
  Directed from_reference;
};

/** A mask of 0 and 1 with a border of one 0 around it, and what distances are measured on. */
struct Surface {
  TensorView padded;  // uint8 [x + 2, y + 2, z + 2], dense
  TensorView beside;  // uint8 [x, y, z], dense: 0 on the surface, 1 beside it
};

SEXTANT_TARGETS(void mark_surface(const Surface& surface, const Run& run))

inline void mark(const Surface& surface, const Run& run) {
  SEXTANT_PICK(run.target, mark_surface)(surface, run);
}

/** The surfaces and the distances are made on the target; what is read off them, on the CPU. */
SEXTANT_TARGETS_CPU(Distances measure(const Request& request, const Run& run))

inline Distances apply(const Request& request, const Run& run) {
  return SEXTANT_PICK_CPU(run.target, measure)(request, run);
}

namespace SEXTANT_VARIANT {

/** 0 where the voxel is set and one of the six around it is not; `plane` and `row` are steps between them. */
SEXTANT_HD std::uint8_t beside_surface(const std::uint8_t* voxel, std::int64_t plane,
                                       std::int64_t row) {
  const std::uint8_t around = voxel[-plane] & voxel[plane] & voxel[-row] & voxel[row] & voxel[-1] &
                              voxel[1];
  return static_cast<std::uint8_t>((voxel[0] ^ 1) | around);
}

}  // namespace SEXTANT_VARIANT

}  // namespace sextant::surface_distance
