import { endianness } from 'node:os';
import { perAxis } from '#geometry';
import { move, runLengths, Tensor } from '#kernels';
import { writeNifti } from '#volume/nifti';
import type { Annotation } from './annotation.ts';
import { partOf } from './part-of.ts';

/**
 * The mask as (value, length) pairs of unsigned 32-bit little-endian integers over the whole grid,
 * the file's first axis fastest.
 */
export async function encodeRunLengths(
  annotation: Annotation,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { found, grid } = annotation;
  using mask = foundMask(annotation);
  const pairs = await runLengths({
    mask,
    boxLow: found.low,
    shape: grid.shape,
    ...(signal && { signal }),
  });
  const bytes = Buffer.from(pairs.buffer, pairs.byteOffset, pairs.byteLength);
  if (endianness() === 'BE') bytes.swap32();
  return bytes;
}

/** The mask as a gzip-compressed NIfTI-1 file, uint8, on the image's own grid, placed as it is. */
export async function encodeNiftiGzip(
  annotation: Annotation,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  using voxels = await wholeMask(annotation, signal);
  const { grid, placement, labels } = annotation;
  const description = labels.join(', ');
  const image = { grid, placement, dtype: 'uint8', voxels, description } as const;
  return await writeNifti(image, { gzip: true, ...(signal && { signal }) });
}

/** The mask over the whole grid: uint8, the file's axis order, first axis fastest. Dispose it. */
export async function wholeMask(annotation: Annotation, signal?: AbortSignal): Promise<Tensor> {
  const { found, grid } = annotation;
  const voxels = Tensor.empty('uint8', grid.shape, { order: 'F' });
  using inside = partOf(voxels, found);
  using input = foundMask(annotation);
  try {
    await move({ input, output: inside, ...(signal && { signal }) });
    return voxels;
  } catch (error) {
    voxels.dispose();
    throw error;
  }
}

/** The box's mask where it is not 0 throughout. */
function foundMask({ boxMask, box, found }: Annotation): Tensor {
  return partOf(boxMask, {
    low: perAxis((axis) => found.low[axis] - box.low[axis]),
    high: perAxis((axis) => found.high[axis] - box.low[axis]),
  });
}
