import type { Affine } from '#geometry';

/** The volume of one voxel in mm³: the determinant of the affine's axes, whichever way they point. */
export function voxelMm3(affine: Affine): number {
  const [a = 0, b = 0, c = 0, , d = 0, e = 0, f = 0, , g = 0, h = 0, i = 0] = affine;
  return Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
}
