import { type Axis, type Grid, perAxis, spacingOf, type Vec3 } from '#geometry';

/** A plane of a closest-RAS view as it is shown, the patient's right on the left (radiology). */
export interface Plane {
  readonly name: 'axial' | 'coronal' | 'sagittal';
  /** View axes (0 right, 1 front, 2 head) along the picture's x and y, and the one looked along. */
  readonly across: Axis;
  readonly down: Axis;
  readonly through: Axis;
  /** What lies at the left, right, upper and lower edge. */
  readonly letters: { left: string; right: string; top: string; bottom: string };
}

/** All view axes run against the picture's: right is left, front and head are up, the nose is left. */
export const PLANES: readonly Plane[] = [
  {
    name: 'axial',
    across: 0,
    down: 1,
    through: 2,
    letters: { left: 'R', right: 'L', top: 'A', bottom: 'P' },
  },
  {
    name: 'coronal',
    across: 0,
    down: 2,
    through: 1,
    letters: { left: 'R', right: 'L', top: 'S', bottom: 'I' },
  },
  {
    name: 'sagittal',
    across: 1,
    down: 2,
    through: 0,
    letters: { left: 'A', right: 'P', top: 'S', bottom: 'I' },
  },
];

/** Millimetres that one pixel shows, so that the grid's longest side fits `side` pixels. */
export function pixelMm(grid: Grid, side: number): number {
  return Math.max(...extentMm(grid)) / side;
}

/** Pixels of a plane's picture: the grid's outer faces are the picture's edges. */
export function pictureSize(
  plane: Plane,
  grid: Grid,
  mmPerPixel: number,
): readonly [number, number] {
  const extent = extentMm(grid);
  const pixels = (axis: Axis) => Math.max(1, Math.round(extent[axis] / mmPerPixel));
  return [pixels(plane.across), pixels(plane.down)];
}

/**
 * The map from a picture's pixel (x, y, 0) to the view's index, for resampling: 12 numbers, a
 * row-major 3x4. `low` is the view index at which the resampled tensor begins.
 */
export function pixelToIndex(
  plane: Plane,
  shape: Vec3,
  [width, height]: readonly [number, number],
  { at, low }: { at: number; low: Vec3 },
): number[] {
  const rows: Record<Axis, number[]> = { 0: [], 1: [], 2: [] };
  const stepAcross = shape[plane.across] / width;
  const stepDown = shape[plane.down] / height;
  const start = (axis: Axis, step: number) => shape[axis] - 0.5 - step / 2 - low[axis];
  rows[plane.across] = [-stepAcross, 0, 0, start(plane.across, stepAcross)];
  rows[plane.down] = [0, -stepDown, 0, start(plane.down, stepDown)];
  rows[plane.through] = [0, 0, 1, at - low[plane.through]];
  return [...rows[0], ...rows[1], ...rows[2]];
}

/** Where a view index lies in a plane's picture, in pixels; a whole number is a pixel's centre. */
export function pixelOf(
  plane: Plane,
  index: Vec3,
  shape: Vec3,
  [width, height]: readonly [number, number],
): readonly [number, number] {
  const along = (axis: Axis, pixels: number) =>
    ((shape[axis] - 0.5 - index[axis]) * pixels) / shape[axis] - 0.5;
  return [along(plane.across, width), along(plane.down, height)];
}

function extentMm(grid: Grid): Vec3 {
  const spacing = spacingOf(grid.affine);
  return perAxis((axis) => grid.shape[axis] * spacing[axis]);
}
