import { perAxis, type Vec3 } from '#geometry';
import type { RandomDraws } from '../random-draws.ts';
import { facesOf, type VoxelRuns } from './voxel-runs.ts';

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
export function extremeVoxels(runs: VoxelRuns, perturbation?: Perturbation): readonly Vec3[] {
  return facesOf(runs.box).map(({ axis, at }) => {
    const touching = runs.inPlane(axis, at);
    return perturbation === undefined
      ? mostCentral(touching)
      : perturbed(touching, runs.shape, perturbation);
  });
}

function mostCentral(voxels: readonly Vec3[]): Vec3 {
  const middle = perAxis(
    (axis) => voxels.reduce((sum, voxel) => sum + voxel[axis], 0) / voxels.length,
  );
  // Rounded, so that equal distances are equal however the middle was rounded.
  const distances = voxels.map((voxel) =>
    Math.round(Math.hypot(...perAxis((axis) => voxel[axis] - middle[axis])) ** 2 * 1e6),
  );
  const nearest = distances.indexOf(distances.reduce((a, b) => Math.min(a, b)));
  return voxels[nearest] ?? middle;
}

function perturbed(
  voxels: readonly Vec3[],
  shape: Vec3,
  { voxels: reach, draws }: Perturbation,
): Vec3 {
  const chosen = voxels[draws.below(voxels.length)] ?? [0, 0, 0];
  return perAxis((axis) => {
    const moved = chosen[axis] + draws.uniform(-reach, reach);
    return Math.min(Math.max(moved, 0), shape[axis] - 1);
  });
}
