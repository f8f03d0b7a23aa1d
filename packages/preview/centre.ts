import { AXES, perAxis, type Vec3 } from '#geometry';

/**
 * The planes to look at a mask through: along each axis the one nearest to its centre of gravity
 * that has mask in it. A ring's or a crescent's centre has none. Without any mask: the middle.
 *
 * @param mask in C order, `shape` long
 */
export function planesThrough(mask: ArrayLike<number>, shape: Vec3): Vec3 {
  const counts = countPlanes(mask, shape);
  return perAxis((axis) => heaviestMiddle(counts[axis]));
}

/** Mask voxels in each plane across each axis. */
function countPlanes(mask: ArrayLike<number>, [nx, ny, nz]: Vec3): [number[], number[], number[]] {
  const counts: [number[], number[], number[]] = [zeros(nx), zeros(ny), zeros(nz)];
  let at = 0;
  for (let x = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      for (let z = 0; z < nz; z++) {
        if (mask[at++] === 0) continue;
        for (const axis of AXES) {
          const plane = [x, y, z][axis] ?? 0;
          counts[axis][plane] = (counts[axis][plane] ?? 0) + 1;
        }
      }
    }
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
