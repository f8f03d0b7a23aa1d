import { setImmediate } from 'node:timers/promises';
import type { Tensor } from '#kernels';

/** Large enough that a system call does not count, small enough for a cache. */
const PIECE_BYTES = 1024 * 1024;

/** The memory of a dense tensor in pieces, in its order. Views: nothing is copied. */
export async function* voxelPieces(voxels: Tensor): AsyncGenerator<Uint8Array, void> {
  const bytes = voxels.bytes();
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    yield bytes.subarray(at, at + PIECE_BYTES);
    await setImmediate();
  }
}
