import { type Grid, perAxis, transformPoint, type Vec3 } from '#geometry';
import { move, Tensor } from '#kernels';
import type { PreparedVolume } from '../prepare-volume.ts';

/** Another way to store a grid. */
export interface StoredGrid {
  readonly grid: Grid;
  /** The stored index of the original's index. */
  fromOriginal(index: Vec3): Vec3;
}

/** The same voxels of the same anatomy, stored along other axes. */
export async function storedAs(
  volume: PreparedVolume,
  { grid, fromOriginal }: StoredGrid,
): Promise<PreparedVolume> {
  const voxels = Tensor.empty(volume.voxels.dtype, grid.shape, { order: 'F' });
  const { order, flip } = storage({ grid, fromOriginal });
  using permuted = volume.voxels.permute(order);
  using turned = permuted.flip([0, 1, 2].filter((axis) => flip[axis]));
  await move({ input: turned, output: voxels });
  return { ...volume, grid, voxels, dispose: () => voxels.dispose() };
}

/** A stored copy's mask (C order of its axes), brought back to the original's C order. */
export function originalOrder(mask: Uint8Array, shape: Vec3, copy: StoredGrid): Uint8Array {
  const [nx, ny, nz] = shape;
  const [, sy, sz] = copy.grid.shape;
  const found = new Uint8Array(mask.length);
  for (let i = 0, at = 0; i < nx; i++) {
    for (let j = 0; j < ny; j++) {
      for (let k = 0; k < nz; k++, at++) {
        const [a, b, c] = copy.fromOriginal([i, j, k]);
        found[at] = mask[(a * sy + b) * sz + c] ?? 0;
      }
    }
  }
  return found;
}

/** Which original axis each stored axis is, and whether it runs backwards. */
function storage({ grid, fromOriginal }: StoredGrid) {
  const origin = fromOriginal([0, 0, 0]);
  const units = [fromOriginal([1, 0, 0]), fromOriginal([0, 1, 0]), fromOriginal([0, 0, 1])];
  const order = perAxis((stored) => units.findIndex((unit) => unit[stored] !== origin[stored]));
  return { order, flip: perAxis((stored) => origin[stored] !== 0 && grid.shape[stored] > 1) };
}

/** An index as RAS millimetres with three decimals, as a client's text has them. */
export function rasText(index: Vec3, affine: readonly number[]): Vec3 {
  const ras = transformPoint(affine, index);
  return perAxis((axis) => Number(ras[axis].toFixed(3)));
}
