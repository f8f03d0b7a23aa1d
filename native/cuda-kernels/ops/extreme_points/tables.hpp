// The factors of the points along one axis, made on the host for every variant and device, so that
// no two exponentials have to agree.
#pragma once

#include <cmath>
#include <vector>

#include "ops/extreme_points/extreme_points.hpp"

namespace sextant::extreme_points::SEXTANT_VARIANT {

/** Three tables of the points' factors, each a row of its axis's length per point. */
template <class Combination>
struct Tables {
  std::int64_t points = 0;
  std::vector<typename Combination::Real> axis[3];

  /** Valid as long as the tables are. */
  ValueAt<Combination> value_at(const TensorView& output) const {
    return {axis[0].data(), axis[1].data(), axis[2].data(), points,
            {output.shape[0], output.shape[1], output.shape[2]}};
  }
};

inline Tables<MaximumOfPoints> gaussian_tables(const Request& request) {
  Tables<MaximumOfPoints> tables;
  tables.points = static_cast<std::int64_t>(request.points.size()) / 3;
  const double scale = 1 / (2 * request.sigma * request.sigma);
  for (std::int64_t p = 0; p < tables.points; ++p) {
    for (int axis = 0; axis < 3; ++axis) {
      const double centre = request.points[static_cast<std::size_t>(3 * p + axis)];
      for (std::int64_t i = 0; i < request.output.shape[axis]; ++i) {
        const double d = static_cast<double>(i) - centre;
        tables.axis[axis].push_back(static_cast<float>(std::exp(-(d * d) * scale)));
      }
    }
  }
  return tables;
}

/** The Gaussian integrated over the voxel at distance d, cut at 4 sigma and not renormalised. */
inline double erf_kernel(double d, double sigma) {
  if (std::abs(d) > std::trunc(4 * sigma + 0.5)) return 0;
  const double t = 1 / (std::sqrt(2.0) * sigma);
  return (std::erf((d + 0.5) * t) - std::erf((d - 0.5) * t)) / 2;
}

/** The points as whole voxels of the grid, each once. */
inline std::vector<double> distinct_voxels(const Request& request) {
  std::vector<double> voxels;
  for (std::size_t p = 0; p < request.points.size(); p += 3) {
    double voxel[3];
    for (int axis = 0; axis < 3; ++axis) {
      const double last = static_cast<double>(request.output.shape[axis] - 1);
      const double nearest = std::nearbyint(request.points[p + static_cast<std::size_t>(axis)]);
      voxel[axis] = nearest < 0 ? 0 : nearest > last ? last : nearest;
    }
    bool known = false;
    for (std::size_t q = 0; q < voxels.size() && !known; q += 3) {
      known = voxels[q] == voxel[0] && voxels[q + 1] == voxel[1] && voxels[q + 2] == voxel[2];
    }
    if (!known) voxels.insert(voxels.end(), voxel, voxel + 3);
  }
  return voxels;
}

inline Tables<SumOfPoints> erf_tables(const Request& request) {
  const std::vector<double> voxels = distinct_voxels(request);
  Tables<SumOfPoints> tables;
  tables.points = static_cast<std::int64_t>(voxels.size()) / 3;
  for (std::int64_t p = 0; p < tables.points; ++p) {
    for (int axis = 0; axis < 3; ++axis) {
      const double centre = voxels[static_cast<std::size_t>(3 * p + axis)];
      for (std::int64_t i = 0; i < request.output.shape[axis]; ++i) {
        tables.axis[axis].push_back(erf_kernel(static_cast<double>(i) - centre, request.sigma));
      }
    }
  }
  return tables;
}

}  // namespace sextant::extreme_points::SEXTANT_VARIANT
