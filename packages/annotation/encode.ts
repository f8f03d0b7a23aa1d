import { endianness } from 'node:os';
import { boxShape } from '#geometry';
import { move, runLengths, Tensor } from '#kernels';
import { writeNifti } from '#volume/nifti';
import type { Annotation } from './annotation.ts';

/**
 * The mask as (value, length) pairs of unsigned 32-bit little-endian integers over the whole grid,
 * the file's first axis fastest.
 */
export async function encodeRunLengths(
  annotation: Annotation,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { boxMask, box, grid } = annotation;
  const pairs = await runLengths({
    mask: boxMask,
    boxLow: box.low,
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
export async function wholeMask(
  { boxMask, box, grid }: Annotation,
  signal?: AbortSignal,
): Promise<Tensor> {
  const voxels = Tensor.empty('uint8', grid.shape, { order: 'F' });
  const size = boxShape(box);
  using x = voxels.slice(0, box.low[0], box.low[0] + size[0]);
  using xy = x.slice(1, box.low[1], box.low[1] + size[1]);
  using inside = xy.slice(2, box.low[2], box.low[2] + size[2]);
  try {
    await move({ input: boxMask, output: inside, ...(signal && { signal }) });
    return voxels;
  } catch (error) {
    voxels.dispose();
    throw error;
  }
}
