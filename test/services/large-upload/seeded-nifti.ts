import { createHash } from 'node:crypto';

const HEADER_BYTES = 352;
const BLOCK_BYTES = 1024 * 1024;

/** A NIfTI-1 image of int16, 1 mm, whose voxels a seeded generator makes as they are asked for. */
export interface SeededNifti {
  readonly sizeBytes: number;
  /** The same bytes each time, 1 MiB or less at once, each made when it is its turn. */
  chunks(): Generator<Uint8Array>;
}

export function seededNifti(shape: readonly [number, number, number]): SeededNifti {
  const voxelBytes = 2 * shape[0] * shape[1] * shape[2];
  const block = noise();
  return {
    sizeBytes: HEADER_BYTES + voxelBytes,
    *chunks() {
      yield headerOf(shape);
      for (let start = 0; start < voxelBytes; start += BLOCK_BYTES) {
        const chunk = block.slice(0, Math.min(BLOCK_BYTES, voxelBytes - start));
        new DataView(chunk.buffer).setUint32(0, start / BLOCK_BYTES);
        yield chunk;
      }
    },
  };
}

/** The digest of the whole, that is the volume's id. */
export function digestOf(image: SeededNifti): string {
  const hash = createHash('sha256');
  for (const chunk of image.chunks()) hash.update(chunk);
  return hash.digest('hex');
}

function headerOf(shape: readonly number[]): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setInt32(0, 348, true);
  for (const [axis, extent] of [3, ...shape, 1, 1, 1, 1].entries()) {
    view.setInt16(40 + 2 * axis, extent, true);
  }
  const [INT16, BITS] = [4, 16];
  view.setInt16(70, INT16, true);
  view.setInt16(72, BITS, true);
  for (let axis = 0; axis < 4; axis++) view.setFloat32(76 + 4 * axis, 1, true);
  view.setFloat32(108, HEADER_BYTES, true);
  view.setFloat32(112, 1, true);
  view.setInt16(254, 1, true);
  for (let row = 0; row < 3; row++) view.setFloat32(280 + 16 * row + 4 * row, 1, true);
  header.set(new TextEncoder().encode('n+1\0'), 344);
  return header;
}

function noise(): Uint8Array {
  const values = new Int16Array(BLOCK_BYTES / 2);
  let state = 1;
  for (let n = 0; n < values.length; n++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[n] = state >>> 22;
  }
  return new Uint8Array(values.buffer);
}
