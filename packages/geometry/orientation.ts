import { assertInvertible, columnOf, spacingOf } from './affine.ts';
import type { Affine, Axis, Vec3 } from './grid.ts';
import { AXES, perAxis } from './grid.ts';
import { cross, dot, scaled } from './vector.ts';

/** Where one voxel axis points: along which of R (0), A (1), S (2), and whether against it. */
export interface AxisDirection {
  readonly axis: Axis;
  readonly flip: boolean;
}

/** Entries of a rotation nearer than this are a tie; float32 affines carry noise of about 1e-7. */
const TIE = 1e-5;

const LETTERS = ['RL', 'AP', 'SI'] as const;

/**
 * The anatomical axis nearest to each voxel axis: nibabel's `io_orientation`, which takes the polar
 * factor of the affine (so spacing and shear do not count), and gives each column the row of its
 * largest entry among the rows still free.
 *
 * nibabel goes through the columns in stored order. Where two columns want one row (strongly
 * oblique grids, 45-degree ties) its answer therefore depends on how the file orders its axes, and
 * one anatomy stored in two ways would be seen in two frames. Here the strongest column chooses
 * first, and ties are settled by direction alone. Where nibabel's answer does not depend on the
 * stored order it is this one; elsewhere this is nibabel's answer for one of the orders.
 *
 * @example ioOrientation([-1, 0, 0, 90, 0, 0, 1, -126, 0, -1, 0, 72, 0, 0, 0, 1])
 * // i -> L, j -> I, k -> A: [{axis: 0, flip: true}, {axis: 2, flip: true}, {axis: 1, flip: false}]
 * @throws SextantError VOLUME_AFFINE_SINGULAR
 */
export function ioOrientation(
  affine: Affine,
): readonly [AxisDirection, AxisDirection, AxisDirection] {
  const rotation = polarColumns(affine);
  const found: [AxisDirection?, AxisDirection?, AxisDirection?] = [];
  const freeRows = new Set<Axis>(AXES);
  const freeColumns = new Set<Axis>(AXES);
  while (freeColumns.size > 0) {
    const { row, column } = strongest(rotation, freeRows, freeColumns);
    found[column] = { axis: row, flip: rotation[column][row] < 0 };
    freeRows.delete(row);
    freeColumns.delete(column);
  }
  return perAxis((column) => found[column] ?? { axis: column, flip: false });
}

/**
 * The letters of the directions in which i, j, k grow, as nibabel's `aff2axcodes`.
 * @example orientationCode(identityAffine) // 'RAS'
 * @throws SextantError VOLUME_AFFINE_SINGULAR
 */
export function orientationCode(affine: Affine): string {
  return ioOrientation(affine)
    .map(({ axis, flip }) => LETTERS[axis][flip ? 1 : 0])
    .join('');
}

/**
 * The largest entry among the free rows and columns. Of equals the lowest row, then the column
 * whose direction, pointed so that its first entry is positive, comes last in dictionary order:
 * both the same however the axes are stored.
 */
function strongest(
  rotation: readonly [Vec3, Vec3, Vec3],
  freeRows: ReadonlySet<Axis>,
  freeColumns: ReadonlySet<Axis>,
): { row: Axis; column: Axis } {
  const entries = [...freeRows].flatMap((row) =>
    [...freeColumns].map((column) => ({ row, column, size: Math.abs(rotation[column][row]) })),
  );
  const largest = Math.max(...entries.map(({ size }) => size));
  const tied = entries.filter(({ size }) => size >= largest - TIE);
  return tied.reduce((best, next) => {
    if (next.row !== best.row) return next.row < best.row ? next : best;
    return comesAfter(rotation[next.column], rotation[best.column]) ? next : best;
  });
}

function comesAfter(a: Vec3, b: Vec3): boolean {
  const left = pointedForward(a);
  const right = pointedForward(b);
  const axis = AXES.find((row) => Math.abs(left[row] - right[row]) > TIE);
  return axis !== undefined && left[axis] > right[axis];
}

function pointedForward(a: Vec3): Vec3 {
  const first = a.find((value) => Math.abs(value) > TIE);
  return first !== undefined && first < 0 ? scaled(a, -1) : a;
}

/**
 * The columns of the orthogonal matrix nearest to the affine's unit columns (the U V^T of their
 * singular value decomposition), by Newton's iteration X <- (X + X^-T) / 2, which converges to it
 * from any invertible matrix.
 */
function polarColumns(affine: Affine): readonly [Vec3, Vec3, Vec3] {
  assertInvertible(affine);
  const spacing = spacingOf(affine);
  let columns = perAxis((axis) => scaled(columnOf(affine, axis), 1 / spacing[axis]));
  // The smallest singular value is above 1e-7 (isSingular), so 24 halvings and 6 quadratic steps do.
  for (let step = 0; step < 40; step++) {
    const [i, j, k] = columns;
    const determinant = dot(i, cross(j, k));
    const inverse = [cross(j, k), cross(k, i), cross(i, j)] as const;
    const next = perAxis((axis) =>
      perAxis((row) => (columns[axis][row] + inverse[axis][row] / determinant) / 2),
    );
    const change = Math.max(
      ...AXES.flatMap((axis) => AXES.map((row) => Math.abs(next[axis][row] - columns[axis][row]))),
    );
    columns = next;
    if (change < 1e-15) break;
  }
  return columns;
}
