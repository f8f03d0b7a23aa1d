import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { SextantError } from '#errors';
import { isScalar } from '#volume';
import { readNifti, writeNifti } from '#volume/nifti';
import type { Question } from './answer.ts';

/** An image as it is sent: one file's bytes, and the frame that the server has to choose. */
export interface ImageBytes {
  readonly sizeBytes: number;
  readonly frame: number | undefined;
  read(): AsyncIterable<Uint8Array>;
}

/**
 * The bytes to send for an image: the file as it is, or, for a pair, the chosen frame as one .nii,
 * since a server takes one file.
 */
export async function imageBytes(question: Question, singleFile: boolean): Promise<ImageBytes> {
  const { imagePath, frame, signal } = question;
  if (singleFile) {
    const { size } = await stat(imagePath);
    return { sizeBytes: size, frame, read: () => createReadStream(imagePath, { signal }) };
  }
  const bytes = await pairAsOneFile(question);
  const read = async function* () {
    yield bytes;
  };
  return { sizeBytes: bytes.length, frame: undefined, read };
}

async function pairAsOneFile(question: Question): Promise<Uint8Array> {
  const { imagePath, frame, volumeLimitBytes, signal } = question;
  const chosen = frame === undefined ? {} : { frame };
  using volume = await readNifti({ path: imagePath }, { volumeLimitBytes, ...chosen, signal });
  const { grid, placement, dtype, voxels, scale } = volume;
  if (!isScalar(dtype)) {
    throw new SextantError('VOLUME_NOT_SCALAR', {
      subject: imagePath,
      got: `voxels of type ${dtype}`,
      expected: 'one number a voxel',
      remedy: 'convert the image to grey values first',
    });
  }
  using plain = voxels.reshape(grid.shape);
  return await writeNifti({ grid, placement, dtype, voxels: plain, scale }, { signal });
}
