import { join } from 'node:path';
import { perAxis } from '#geometry';
import { type Dtype, move, Tensor } from '#kernels';
import { affineOf, type Field, shapeOf } from '#transforms';
import { voxelPieces } from '#volume';
import { niftiFile } from '#volume/nifti';
import { writeVolume } from '../dataconvert/write-volume.ts';

export interface FieldFile {
  readonly name: string;
  readonly field: Field;
  /** Type of the voxels in the file; what does not fit is cut to its range. Default: the field's own. */
  readonly dtype: Dtype | undefined;
}

/**
 * Writes a field as the guide's WriteNiftyResults names it: `<dir>/<stem>/<stem>_<field>.nii`, on the grid
 * that the chain left it on. Channels are the fourth axis; a picture is one slice.
 *
 * @returns its path
 * @throws SextantError FILE_UNWRITABLE, CANCELLED
 */
export async function writeField(
  { name, field, dtype = field.storage.dtype }: FieldFile,
  { dir, stem, signal }: { dir: string; stem: string; signal: AbortSignal },
): Promise<string> {
  const { storage, channels, place } = field;
  const shape = shapeOf(field);
  using dense = Tensor.empty(dtype, [...shape, channels], { order: 'F' });
  using output = dense.permute([3, 0, 1, 2]);
  using input = storage.slice(0, 0, channels);
  await move({ input, output, signal });
  const affine = place === undefined ? UNPLACED : affineOf(place);
  const content = {
    grid: { shape: perAxis((axis) => shape[axis]), affine },
    dtype,
    scale: { slope: 1, intercept: 0 },
    frames: channels,
  };
  const path = join(dir, stem, `${stem}_${name}`);
  const [written = path] = await writeVolume(
    path,
    [niftiFile(content, voxelPieces(dense))],
    signal,
  );
  return written;
}

const UNPLACED = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
