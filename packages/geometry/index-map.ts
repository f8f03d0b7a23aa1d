import { invertAffine } from './affine.ts';
import type { Box } from './box.ts';
import { boxShape } from './box.ts';
import { type Affine, AXES, perAxis, type Vec3 } from './grid.ts';

/**
 * 12 numbers, a row-major 3x4 matrix that takes the index of an output voxel to the index in the
 * input at which it is read. Both count voxel centres as whole numbers.
 */
export type IndexMap = readonly number[];

/**
 * Resampling a box of a grid to the network's shape: i = low + (o + 0.5) * n / n' - 0.5, where n is
 * the box's and n' the network's number of voxels.
 *
 * @returns network index -> index of the grid that the box lies in
 * @example 10 voxels from 20 to 5: output 0 is read at 20.5, output 4 at 28.5
 */
export function boxToRoi(box: Box, roiShape: Vec3): IndexMap {
  const size = boxShape(box);
  const step = perAxis((axis) => size[axis] / roiShape[axis]);
  return diagonalMap(
    step,
    perAxis((axis) => box.low[axis] + 0.5 * step[axis] - 0.5),
  );
}

/**
 * The way back: where in the network's grid a voxel of the box is read.
 *
 * @returns index within the box (0 at the box's low face) -> network index
 */
export function roiToBox(box: Box, roiShape: Vec3): IndexMap {
  const size = boxShape(box);
  const step = perAxis((axis) => roiShape[axis] / size[axis]);
  return diagonalMap(
    step,
    perAxis((axis) => 0.5 * step[axis] - 0.5),
  );
}

/** Where an index of the box's grid lies in the network's grid: the inverse of `boxToRoi`. */
export function indexToRoi(index: Vec3, box: Box, roiShape: Vec3): Vec3 {
  const size = boxShape(box);
  return perAxis(
    (axis) => ((index[axis] - box.low[axis] + 0.5) * roiShape[axis]) / size[axis] - 0.5,
  );
}

function diagonalMap(step: Vec3, start: Vec3): IndexMap {
  return [step[0], 0, 0, start[0], 0, step[1], 0, start[1], 0, 0, step[2], start[2]];
}

export const identityMap: IndexMap = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/**
 * `inner` and then `outer`: where an index lies after both. Exact as long as the numbers are whole.
 * `outer` may be an affine: then the result is where the index lies in millimetres.
 */
export function composeMaps(outer: IndexMap | Affine, inner: IndexMap): IndexMap {
  return AXES.flatMap((row) => {
    const [x = 0, y = 0, z = 0, start = 0] = outer.slice(row * 4, row * 4 + 4);
    const along = (column: number) =>
      x * (inner[column] ?? 0) + y * (inner[4 + column] ?? 0) + z * (inner[8 + column] ?? 0);
    return [along(0), along(1), along(2), along(3) + start];
  });
}

/** @throws SextantError VOLUME_AFFINE_SINGULAR */
export function invertMap(map: IndexMap): IndexMap {
  return invertAffine([...map, 0, 0, 0, 1]).slice(0, 12);
}
