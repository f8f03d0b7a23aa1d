import { affineOfColumns, columnOf, originOf } from '../affine.ts';
import type { Axis, Grid, Vec3 } from '../grid.ts';
import { AXES, perAxis } from '../grid.ts';
import { cross, dot, scaled } from '../vector.ts';

// Grids for tests: seeded, so that a failure can be run again.

/** Numbers in [0, 1) from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A grid of 4 to 300 voxels an axis, turned anyhow, its affine stored as float32. */
export function randomGrid(random: () => number, spacingMm?: Vec3): Grid {
  const rotation = randomRotation(random);
  const spacing = spacingMm ?? perAxis(() => 0.5 + 3 * random());
  const handed = random() < 0.5 ? -1 : 1;
  const columns = perAxis((axis) =>
    scaled(rotation[axis], spacing[axis] * (axis === 2 ? handed : 1)),
  );
  const origin = perAxis(() => 400 * (random() - 0.5));
  const shape = perAxis(() => 4 + Math.floor(297 * random()));
  return { shape, affine: affineOfColumns(columns, origin).map(Math.fround) };
}

/** The 48 ways to store the voxels of a grid: axes in another order, or turned round. */
export function storedOrientations(grid: Grid): readonly StoredGrid[] {
  const orders: readonly (readonly [Axis, Axis, Axis])[] = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  return orders.flatMap((order) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
      stored(grid, { order, flip: perAxis((axis) => ((bits >> axis) & 1) === 1) }),
    ),
  );
}

export interface StoredGrid {
  readonly grid: Grid;
  /** The index of the grid's voxel at an index of the original. */
  fromOriginal(index: Vec3): Vec3;
}

interface Storage {
  readonly order: readonly [Axis, Axis, Axis];
  readonly flip: readonly [boolean, boolean, boolean];
}

function stored(original: Grid, { order, flip }: Storage): StoredGrid {
  const last = perAxis((axis) => original.shape[order[axis]] - 1);
  const columns = perAxis((axis) =>
    scaled(columnOf(original.affine, order[axis]), flip[axis] ? -1 : 1),
  );
  const start = originOf(original.affine);
  const origin = perAxis((row) =>
    AXES.reduce((at, axis) => at - (flip[axis] ? columns[axis][row] * last[axis] : 0), start[row]),
  );
  return {
    grid: {
      shape: perAxis((axis) => last[axis] + 1),
      affine: affineOfColumns(columns, origin).map(Math.fround),
    },
    fromOriginal: (index) =>
      perAxis((axis) => (flip[axis] ? last[axis] - index[order[axis]] : index[order[axis]])),
  };
}

function randomRotation(random: () => number): readonly [Vec3, Vec3, Vec3] {
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const i = unit(perAxis(normal));
  const other = perAxis(normal);
  const j = unit(perAxis((row) => other[row] - dot(other, i) * i[row]));
  return [i, j, cross(i, j)];
}

function unit(vector: Vec3): Vec3 {
  return scaled(vector, 1 / Math.hypot(...vector));
}
