import { closestRas, type Grid, type Vec3 } from '#geometry';
import type { LabelMap } from './images.ts';

/** A binary structure on a grid, C order. */
export interface Structure {
  readonly grid: Grid;
  readonly inside: Uint8Array;
  readonly voxels: number;
}

/** The voxels whose label `isInside`. */
export function structureOf(
  { grid, values }: LabelMap,
  isInside: (label: number) => boolean,
): Structure {
  const inside = Uint8Array.from(values, (label) => Number(isInside(label)));
  return { grid, inside, voxels: inside.reduce((sum, value) => sum + value, 0) };
}

/** The largest 6-connected component; of equals the one that comes first. */
export function largestPart({ grid, inside }: Structure): Structure {
  const left = inside.slice();
  let largest: readonly number[] = [];
  for (let start = left.indexOf(1); start >= 0; start = left.indexOf(1, start)) {
    const part = floodFrom(start, left, grid.shape);
    if (part.length > largest.length) largest = part;
  }
  const kept = new Uint8Array(inside.length);
  for (const index of largest) kept[index] = 1;
  return { grid, inside: kept, voxels: largest.length };
}

function floodFrom(start: number, left: Uint8Array, [nx, ny, nz]: Vec3): readonly number[] {
  const part = [start];
  left[start] = 0;
  for (let next = 0; next < part.length; next++) {
    const index = part[next] ?? 0;
    const k = index % nz;
    const j = Math.floor(index / nz) % ny;
    const i = Math.floor(index / (nz * ny));
    const visit = (neighbour: number, isInGrid: boolean) => {
      if (!isInGrid || left[neighbour] !== 1) return;
      left[neighbour] = 0;
      part.push(neighbour);
    };
    visit(index - 1, k > 0);
    visit(index + 1, k < nz - 1);
    visit(index - nz, j > 0);
    visit(index + nz, j < ny - 1);
    visit(index - ny * nz, i > 0);
    visit(index + ny * nz, i < nx - 1);
  }
  return part;
}

/**
 * Six points on a structure: for each axis of the closest-RAS view on its lowest and its highest
 * plane, the voxel nearest to the centroid of the structure's voxels in that plane (squared
 * distance rounded to 1e-6; ties by the lowest index, i before j before k). What was measured was
 * clicked in that view: on images stored otherwise the file's own order breaks ties differently.
 *
 * @returns axis 0 lowest and highest, axis 1, axis 2; voxel indices of the file's order
 */
export function extremePointsOf({ grid, inside }: Structure): Vec3[] {
  const view = closestRas(grid);
  const [, ny, nz] = grid.shape;
  const voxels: Vec3[] = [];
  for (let index = inside.indexOf(1); index >= 0; index = inside.indexOf(1, index + 1)) {
    const stored: Vec3 = [Math.floor(index / (nz * ny)), Math.floor(index / nz) % ny, index % nz];
    voxels.push(view.toViewIndex(stored));
  }
  voxels.sort(([i, j, k], [l, m, n]) => i - l || j - m || k - n);
  return ([0, 1, 2] as const)
    .flatMap((axis) => {
      const along = voxels.map((voxel) => voxel[axis]);
      const lowest = along.reduce((a, b) => Math.min(a, b));
      const highest = along.reduce((a, b) => Math.max(a, b));
      const onPlane = (plane: number) => voxels.filter((voxel) => voxel[axis] === plane);
      return [nearestToCentroid(onPlane(lowest)), nearestToCentroid(onPlane(highest))];
    })
    .map(view.toStoredIndex);
}

function nearestToCentroid(voxels: readonly Vec3[]): Vec3 {
  const mean = ([0, 1, 2] as const).map(
    (axis) => voxels.reduce((sum, voxel) => sum + voxel[axis], 0) / voxels.length,
  );
  const distance = (voxel: Vec3) => {
    const squared = voxel.reduce((sum, at, axis) => sum + (at - (mean[axis] ?? 0)) ** 2, 0);
    return Math.round(squared * 1e6) / 1e6;
  };
  // Voxels come in the order of their index, so the first of equals is the lowest.
  return voxels.reduce((best, voxel) => (distance(voxel) < distance(best) ? voxel : best));
}

/** 2 |A and B| / (|A| + |B|), of everything that is not 0. */
export function dice(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let both = 0;
  let sum = 0;
  for (let index = 0; index < a.length; index++) {
    const inA = Number(a[index] !== 0);
    const inB = Number(b[index] !== 0);
    both += inA * inB;
    sum += inA + inB;
  }
  return (2 * both) / sum;
}
