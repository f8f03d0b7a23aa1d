import type { Vec3 } from '#geometry';
import { runLengths, type Tensor } from '#kernels';

/** Voxels of a mask of zeros and ones, counted and found without a list of them. */
export interface VoxelChoice {
  readonly foreground: number;
  readonly background: number;
  /** The nth voxel of the foreground or background, counted from 0, x fastest. */
  nth(of: 'foreground' | 'background', n: number): Vec3;
}

/** Looks through a uint8 mask [x, y, z] once. */
export async function voxelChoice(
  mask: Tensor,
  signal: AbortSignal | undefined,
): Promise<VoxelChoice> {
  const [nx = 0, ny = 0, nz = 0] = mask.shape;
  const pairs = await runLengths({
    mask,
    boxLow: [0, 0, 0],
    shape: [nx, ny, nz],
    ...(signal && { signal }),
  });
  let foreground = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    if (pairs[at] !== 0) foreground += pairs[at + 1] ?? 0;
  }
  return {
    foreground,
    background: nx * ny * nz - foreground,
    nth(of, n) {
      let [left, position] = [n, 0];
      for (let at = 0; at < pairs.length; at += 2) {
        const length = pairs[at + 1] ?? 0;
        const counts = (pairs[at] !== 0) === (of === 'foreground');
        if (counts && left < length) {
          position += left;
          break;
        }
        if (counts) left -= length;
        position += length;
      }
      return [position % nx, Math.floor(position / nx) % ny, Math.floor(position / (nx * ny))];
    },
  };
}
