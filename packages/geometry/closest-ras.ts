import { affineOfColumns, columnOf, originOf } from './affine.ts';
import type { Axis, Grid, Vec3 } from './grid.ts';
import { perAxis } from './grid.ts';
import { ioOrientation } from './orientation.ts';
import { scaled } from './vector.ts';

/** A grid seen with its axes permuted and flipped so that they run nearest to R, A, S. */
export interface ClosestRas {
  /** The view's own grid: the same voxels at the same places, indexed in view order. */
  readonly grid: Grid;
  /** View axis a is stored axis order[a]. */
  readonly order: readonly [Axis, Axis, Axis];
  /** Per view axis: whether it runs against its stored axis. */
  readonly flip: readonly [boolean, boolean, boolean];
  /** A stored index -> the view's index of the same place. Exact for whole and 1/64 indices. */
  toViewIndex(stored: Vec3): Vec3;
  toStoredIndex(view: Vec3): Vec3;
}

/**
 * The closest-RAS view of a grid, in which chains run. Nothing is resampled or copied: it is the
 * permutation and the flips that turn `grid` so (for a tensor: `permute(order)`, then `flip`).
 *
 * @example a grid stored as LPS 4x5x6: order [0, 1, 2], flip [true, true, false],
 * toViewIndex([0, 0, 0]) = [3, 4, 0]
 * @throws SextantError VOLUME_AFFINE_SINGULAR
 */
export function closestRas(grid: Grid): ClosestRas {
  const orientation = ioOrientation(grid.affine);
  const order = perAxis((view) => orientation.findIndex(({ axis }) => axis === view) as Axis);
  const flip = perAxis((view) => orientation[order[view]].flip);
  const last = perAxis((view) => grid.shape[order[view]] - 1);
  const viewOfStored = perAxis((stored) => orientation[stored].axis);

  const toViewIndex = (stored: Vec3): Vec3 =>
    perAxis((view) => {
      const along = stored[order[view]];
      return flip[view] ? last[view] - along : along;
    });
  const toStoredIndex = (view: Vec3): Vec3 =>
    perAxis((stored) => {
      const axis = viewOfStored[stored];
      return flip[axis] ? last[axis] - view[axis] : view[axis];
    });
  return { grid: viewGrid(grid, { order, flip, last }), order, flip, toViewIndex, toStoredIndex };
}

function viewGrid(
  grid: Grid,
  { order, flip, last }: Pick<ClosestRas, 'order' | 'flip'> & { last: Vec3 },
): Grid {
  const stored = perAxis((view) => columnOf(grid.affine, order[view]));
  const columns = perAxis((view) => (flip[view] ? scaled(stored[view], -1) : stored[view]));
  const start = originOf(grid.affine);
  const origin = perAxis((row) => {
    let at = start[row];
    for (const view of [0, 1, 2] as const) {
      if (flip[view]) at += stored[view][row] * last[view];
    }
    return at;
  });
  const shape = perAxis((view) => last[view] + 1);
  return { shape, affine: affineOfColumns(columns, origin) };
}
