import { SextantError } from '#errors';
import { spacingOf } from './affine.ts';
import { AXES, type Grid, perAxis, type Vec3 } from './grid.ts';
import { BOX_TOLERANCE, SMALLEST_FRACTION_PAD } from './limits.ts';

/** A box of voxels in edge coordinates, whole numbers: voxels low <= i < high along each axis. */
export interface Box {
  readonly low: Vec3;
  readonly high: Vec3;
}

/** Room around the points: in millimetres, or as a fraction of their extent along each axis. */
export type Padding = { readonly mm: number } | { readonly fraction: number };

/**
 * The box that a model sees around extreme points, cut to the grid.
 *
 * @param points index points of `grid` (centres on whole numbers), rounded as `pointsToViewIndex`
 *   gives them
 * @example 1 mm voxels, points from 30 to 40, { mm: 20 } -> low 10, high 61
 * @throws SextantError ARGUMENT_INVALID for no points or a padding that is negative or not finite
 */
export function annotationBox(points: readonly Vec3[], grid: Grid, padding: Padding): Box {
  assertPadding(padding);
  if (points.length === 0) throw invalid('points', 'none', 'at least one point');
  const spacing = spacingOf(grid.affine);
  const faces = perAxis((axis) => {
    const along = points.map((point) => point[axis]);
    const min = Math.min(...along);
    const max = Math.max(...along);
    const pad =
      'mm' in padding
        ? padding.mm / spacing[axis]
        : Math.max(SMALLEST_FRACTION_PAD, padding.fraction * (max - min + 1));
    return {
      low: Math.max(0, Math.floor(min - pad + BOX_TOLERANCE)),
      high: Math.min(grid.shape[axis], Math.ceil(max + 1 + pad - BOX_TOLERANCE)),
    };
  });
  return { low: perAxis((axis) => faces[axis].low), high: perAxis((axis) => faces[axis].high) };
}

/** The number of voxels along each axis of a box. */
export function boxShape(box: Box): Vec3 {
  return perAxis((axis) => box.high[axis] - box.low[axis]);
}

/** Whether a box holds at least one voxel and lies within a grid of `shape`. */
export function isBoxWithin(box: Box, shape: Vec3): boolean {
  return AXES.every(
    (axis) => box.low[axis] >= 0 && box.high[axis] <= shape[axis] && box.low[axis] < box.high[axis],
  );
}

function assertPadding(padding: Padding): void {
  const [name, value] =
    'mm' in padding ? ['padding', padding.mm] : ['paddingFraction', padding.fraction];
  if (Number.isFinite(value) && value >= 0) return;
  throw invalid(String(name), String(value), 'a finite number, 0 or more');
}

function invalid(subject: string, got: string, expected: string): SextantError {
  return new SextantError('ARGUMENT_INVALID', { subject, got, expected });
}
