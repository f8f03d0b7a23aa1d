import type { Affine } from '#geometry';

/** The volume of one voxel in mm³: the determinant of the affine's axes, whichever way they point. */
export function voxelMm3(affine: Affine): number {
  const [a = 0, b = 0, c = 0, , d = 0, e = 0, f = 0, , g = 0, h = 0, i = 0] = affine;
  return Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
}

/** `3.7 ml`, `1235 ml`: three figures, and no fraction of a large volume. */
export function millilitres(volumeMl: number): string {
  return `${volumeMl >= 100 ? Math.round(volumeMl) : Number(volumeMl.toPrecision(3))} ml`;
}
