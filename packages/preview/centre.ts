import { type Axis, perAxis, type Vec3 } from '#geometry';

/**
 * The planes to look at a mask through: along each axis the one nearest to its centre of gravity
 * that has mask in it. A ring's or a crescent's centre has none. Without any mask: the middle.
 *
 * @param pairs the mask's run lengths over `shape`: (value, length), first axis fastest
 */
export function planesThrough(pairs: Uint32Array, shape: Vec3): Vec3 {
  const counts = countPlanes(pairs, shape);
  return perAxis((axis) => heaviestMiddle(counts[axis]));
}

/** Mask voxels in each plane across each axis. */
function countPlanes(
  pairs: Uint32Array,
  [nx, ny, nz]: Vec3,
): readonly [readonly number[], readonly number[], readonly number[]] {
  const counts = [zeros(nx), zeros(ny), zeros(nz)] as const;
  const add = (axis: Axis, plane: number, voxels: number) => {
    counts[axis][plane] = (counts[axis][plane] ?? 0) + voxels;
  };
  let start = 0;
  for (let pair = 0; pair < pairs.length; pair += 2) {
    const end = start + (pairs[pair + 1] ?? 0);
    // A run may go on over rows; each has one y and one z.
    for (let at = start; pairs[pair] !== 0 && at < end; ) {
      const row = Math.floor(at / nx);
      const stop = Math.min(end, (row + 1) * nx);
      for (let voxel = at; voxel < stop; voxel++) add(0, voxel - row * nx, 1);
      add(1, row % ny, stop - at);
      add(2, Math.floor(row / ny), stop - at);
      at = stop;
    }
    start = end;
  }
  return counts;
}

function heaviestMiddle(counts: readonly number[]): number {
  let total = 0;
  let moment = 0;
  for (const [plane, count] of counts.entries()) {
    total += count;
    moment += count * plane;
  }
  if (total === 0) return Math.floor((counts.length - 1) / 2);
  const centre = moment / total;
  let best = -1;
  for (const [plane, count] of counts.entries()) {
    if (count === 0) continue;
    if (best < 0 || Math.abs(plane - centre) < Math.abs(best - centre)) best = plane;
  }
  return best;
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}
