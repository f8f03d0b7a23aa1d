import { SextantError } from '#errors';
import { invertAffine, transformPoint } from './affine.ts';
import { type ClosestRas, closestRas } from './closest-ras.ts';
import { AXES, type Grid, perAxis, type Vec3 } from './grid.ts';
import { LARGEST_POINT_COUNT, POINT_STEPS_PER_VOXEL, SMALLEST_POINT_COUNT } from './limits.ts';

/**
 * What a point's three numbers mean: the stored volume's own voxel index (a whole number is a
 * voxel's centre), millimetres to the right, front, top (RAS), or to the left, back, top (LPS).
 */
export type Space = 'index' | 'ras' | 'lps';

/**
 * Extreme points in the index of a grid's closest-RAS view, where boxes and chains live, rounded
 * there to 1/64 voxel: the same points however the file stores its axes, and whether they came as
 * indices, through a float32 affine or through RAS text of three decimals.
 *
 * @param points as the caller sent them, in `space`; at least 6, at most 1000
 * @param view what `closestRas(volume.grid)` gave
 * @throws SextantError POINTS_TOO_FEW, POINTS_TOO_MANY, POINT_NOT_FINITE, POINT_OUTSIDE (beyond the
 *   outer faces of the volume), POINTS_COINCIDE (all in one voxel)
 */
export function pointsToViewIndex(
  points: readonly Vec3[],
  space: Space,
  view: ClosestRas,
): readonly Vec3[] {
  assertCount(points);
  points.forEach(assertFinite);
  const toIndex = indexMap(space, view);
  const indices = points.map((point) => perAxis((axis) => rounded(toIndex(point)[axis])));
  indices.forEach((index, number) => {
    assertInside(index, { number, point: points[number] ?? index, space, view });
  });
  assertExtent(indices, view.grid.shape);
  return indices;
}

/**
 * Extreme points in a grid's own index, checked and rounded as `pointsToViewIndex` does and with
 * the same errors.
 */
export function pointsToIndex(points: readonly Vec3[], space: Space, grid: Grid): readonly Vec3[] {
  const view = closestRas(grid);
  return pointsToViewIndex(points, space, view).map(view.toStoredIndex);
}

function indexMap(space: Space, view: ClosestRas): (point: Vec3) => Vec3 {
  if (space === 'index') return view.toViewIndex;
  const toIndex = invertAffine(view.grid.affine);
  if (space === 'ras') return (point) => transformPoint(toIndex, point);
  return ([l, p, s]) => transformPoint(toIndex, [-l, -p, s]);
}

function rounded(index: number): number {
  // + 0 turns -0 into 0, which a reader of the points would otherwise see.
  return Math.round(index * POINT_STEPS_PER_VOXEL) / POINT_STEPS_PER_VOXEL + 0;
}

function assertCount(points: readonly Vec3[]): void {
  if (points.length < SMALLEST_POINT_COUNT) {
    throw new SextantError('POINTS_TOO_FEW', {
      subject: 'points',
      got: points.length === 1 ? '1 point' : `${points.length} points`,
      expected: `${SMALLEST_POINT_COUNT} or more points`,
      remedy: "click the structure's outermost places: left, right, front, back, top, bottom",
    });
  }
  if (points.length > LARGEST_POINT_COUNT) {
    throw new SextantError('POINTS_TOO_MANY', {
      subject: 'points',
      got: `${points.length} points`,
      expected: `at most ${LARGEST_POINT_COUNT} points`,
      remedy: 'send the outermost places only',
    });
  }
}

function assertFinite(point: Vec3, number: number): void {
  if (point.length === 3 && point.every(Number.isFinite)) return;
  throw new SextantError('POINT_NOT_FINITE', {
    subject: `points[${number}]`,
    got: shown(point),
    expected: 'three finite numbers',
    remedy: 'correct this point or leave it out',
  });
}

interface SentPoint {
  number: number;
  point: Vec3;
  space: Space;
  view: ClosestRas;
}

function assertInside(index: Vec3, { number, point, space, view }: SentPoint): void {
  const { shape } = view.grid;
  if (AXES.every((axis) => index[axis] >= -0.5 && index[axis] <= shape[axis] - 0.5)) return;
  const stored = view.toStoredIndex(index);
  const high = view.toStoredIndex(perAxis((axis) => (view.flip[axis] ? 0 : shape[axis] - 1)));
  const faces = AXES.map((axis) => `${'ijk'[axis]} -0.5..${high[axis] + 0.5}`).join(', ');
  throw new SextantError('POINT_OUTSIDE', {
    subject: `points[${number}]`,
    got: space === 'index' ? shown(point) : `${space} ${shown(point)}, index ${shown(stored)}`,
    expected: `a point within the volume's outer faces (index ${faces})`,
    remedy: `check that the points belong to this image and that their space is '${space}'`,
  });
}

function assertExtent(indices: readonly Vec3[], shape: Vec3): void {
  const voxels = indices.map((index) =>
    perAxis((axis) => Math.min(Math.max(Math.floor(index[axis] + 0.5), 0), shape[axis] - 1)),
  );
  const first = voxels[0];
  if (voxels.some((voxel) => AXES.some((axis) => voxel[axis] !== first?.[axis]))) return;
  throw new SextantError('POINTS_COINCIDE', {
    subject: 'points',
    got: `${indices.length} points in one voxel`,
    expected: 'points with an extent, in two voxels at least',
    remedy: "click the structure's outermost places: left, right, front, back, top, bottom",
  });
}

function shown(point: Vec3): string {
  return `(${point.map((value) => (Number.isFinite(value) ? +value.toFixed(3) : value)).join(', ')})`;
}
