import { SextantError } from '#errors';
import type { Affine, Axis, Vec3 } from './grid.ts';
import { AXES, perAxis } from './grid.ts';
import { cross, dot, scaled } from './vector.ts';

/**
 * Below this volume of the parallelepiped of the unit columns an affine is singular. A float32
 * affine carries noise of about 1e-7, so nothing smaller can be told from a flat one.
 */
const SMALLEST_UNIT_VOLUME = 1e-6;

export const identityAffine: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** The affine whose columns are the steps along i, j, k and whose index (0, 0, 0) lies at `origin`. */
export function affineOfColumns(columns: readonly [Vec3, Vec3, Vec3], origin: Vec3): Affine {
  const [i, j, k] = columns;
  return [...AXES.flatMap((row) => [i[row], j[row], k[row], origin[row]]), 0, 0, 0, 1];
}

/** The step in millimetres that one voxel along `axis` makes. */
export function columnOf(affine: Affine, axis: Axis): Vec3 {
  return perAxis((row) => entry(affine, row, axis));
}

/** Where index (0, 0, 0) lies, in RAS millimetres. */
export function originOf(affine: Affine): Vec3 {
  return perAxis((row) => entry(affine, row, 3));
}

/** The length in millimetres of one voxel along each axis. */
export function spacingOf(affine: Affine): Vec3 {
  return perAxis((axis) => Math.hypot(...columnOf(affine, axis)));
}

/**
 * The point that `affine` takes `point` to: index -> RAS mm for a grid's own affine, and
 * RAS mm -> index for its inverse.
 *
 * @example transformPoint([2, 0, 0, -10, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1], [3, 0, 0]) // [-4, 0, 0]
 */
export function transformPoint(affine: Affine, point: Vec3): Vec3 {
  return perAxis(
    (row) =>
      entry(affine, row, 0) * point[0] +
      entry(affine, row, 1) * point[1] +
      entry(affine, row, 2) * point[2] +
      entry(affine, row, 3),
  );
}

/** Whether the affine has no usable inverse: not finite, a zero column, or flat within 1e-6. */
export function isSingular(affine: Affine): boolean {
  if (affine.length !== 16 || !affine.every(Number.isFinite)) return true;
  const spacing = spacingOf(affine);
  if (spacing.some((length) => length === 0 || !Number.isFinite(length))) return true;
  const [i, j, k] = perAxis((axis) => scaled(columnOf(affine, axis), 1 / spacing[axis]));
  return !(Math.abs(dot(i, cross(j, k))) > SMALLEST_UNIT_VOLUME);
}

/**
 * The inverse map, RAS mm -> index.
 * @throws SextantError VOLUME_AFFINE_SINGULAR
 */
export function invertAffine(affine: Affine): Affine {
  assertInvertible(affine);
  // Columns of length 1 first: a spacing of 1e-200 must not underflow the determinant.
  const spacing = spacingOf(affine);
  const [i, j, k] = perAxis((axis) => scaled(columnOf(affine, axis), 1 / spacing[axis]));
  const determinant = dot(i, cross(j, k));
  const rows = [cross(j, k), cross(k, i), cross(i, j)] as const;
  const inverseRows = perAxis((axis) => scaled(rows[axis], 1 / (determinant * spacing[axis])));
  const origin = originOf(affine);
  return [...AXES.flatMap((r) => [...inverseRows[r], 0 - dot(inverseRows[r], origin)]), 0, 0, 0, 1];
}

/** @throws SextantError VOLUME_AFFINE_SINGULAR */
export function assertInvertible(affine: Affine): void {
  if (!isSingular(affine)) return;
  throw new SextantError('VOLUME_AFFINE_SINGULAR', {
    subject: 'affine',
    got: `[${AXES.map((row) => affine.slice(row * 4, row * 4 + 4).join(' ')).join('; ')}]`,
    expected: 'three finite, independent directions of the voxel axes',
    remedy: "repair the image's sform, qform or spacing with the tool that wrote it",
  });
}

/** A missing entry reads as NaN, so that an affine of wrong length is singular, not silently padded. */
function entry(affine: Affine, row: number, column: number): number {
  return affine[row * 4 + column] ?? Number.NaN;
}
