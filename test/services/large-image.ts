import { Tensor } from '#kernels';
import { writeNifti } from '#volume/nifti';

const AFFINE = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] as const;

/**
 * A seeded int16 image whose bytes compress like an image's do: not at once, and not to nothing.
 *
 * @param gzip whether as `.nii.gz`
 */
export async function largeImage(
  shape: readonly [number, number, number],
  { gzip, seed = 1 }: { gzip: boolean; seed?: number },
): Promise<Uint8Array> {
  using voxels = Tensor.empty('int16', shape, { order: 'F' });
  const bytes = voxels.bytes();
  const values = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  let state = seed;
  for (let n = 0; n < values.length; n++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    values[n] = (n % 1000) + (state >>> 28);
  }
  return writeNifti({ grid: { shape, affine: AFFINE }, dtype: 'int16', voxels }, { gzip });
}
