import { AXES, type Axis, type Box, perAxis, type Vec3 } from '#geometry';
import type { Tensor } from '#kernels';
import type { RandomDraws } from '../random-draws.ts';

/** How an extreme point strays from where it should be; `draws` say where. */
export interface Perturbation {
  /** Largest shift of each coordinate in voxels. */
  readonly voxels: number;
  readonly draws: RandomDraws;
}

/**
 * Six extreme points of a structure: a voxel of each face of its box, lowest and highest along x, y
 * and z in turn. It is the one nearest to the middle of the voxels that touch the face (of several
 * the first, x before y before z). With a perturbation it is any of them, and each coordinate is
 * moved by up to so many voxels either way and stays on the grid.
 */
export function extremeVoxels(
  mask: Tensor,
  box: Box,
  perturbation?: Perturbation,
): readonly Vec3[] {
  const faces = AXES.flatMap((axis) => [
    { axis, at: box.low[axis] },
    { axis, at: box.high[axis] - 1 },
  ]);
  return faces.map(({ axis, at }) => {
    const touching = voxelsOfFace(mask, { axis, at });
    return perturbation === undefined
      ? mostCentral(touching)
      : perturbed(touching, mask.shape, perturbation);
  });
}

function voxelsOfFace(mask: Tensor, { axis, at }: { axis: Axis; at: number }): Vec3[] {
  using face = mask.select(axis, at);
  const [, columns = 1] = face.shape;
  const found: Vec3[] = [];
  for (const [n, voxel] of face.toArray().entries()) {
    if (voxel === 0) continue;
    const [a, b] = [Math.floor(n / columns), n % columns];
    found.push(axis === 0 ? [at, a, b] : axis === 1 ? [a, at, b] : [a, b, at]);
  }
  return found;
}

function mostCentral(voxels: readonly Vec3[]): Vec3 {
  const middle = perAxis(
    (axis) => voxels.reduce((sum, voxel) => sum + voxel[axis], 0) / voxels.length,
  );
  // Rounded, so that equal distances are equal however the middle was rounded.
  const distances = voxels.map((voxel) =>
    Math.round(Math.hypot(...perAxis((axis) => voxel[axis] - middle[axis])) ** 2 * 1e6),
  );
  const nearest = distances.indexOf(Math.min(...distances));
  return voxels[nearest] ?? middle;
}

function perturbed(
  voxels: readonly Vec3[],
  shape: readonly number[],
  { voxels: reach, draws }: Perturbation,
): Vec3 {
  const chosen = voxels[draws.below(voxels.length)] ?? [0, 0, 0];
  return perAxis((axis) => {
    const moved = chosen[axis] + draws.uniform(-reach, reach);
    return Math.min(Math.max(moved, 0), (shape[axis] ?? 1) - 1);
  });
}
