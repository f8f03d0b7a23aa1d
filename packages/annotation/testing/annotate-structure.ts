import type { Space, Vec3 } from '#geometry';
import { move, Tensor } from '#kernels';
import type { Model } from '#models';
import { annotate } from '../annotate.ts';
import type { Annotation } from '../annotation.ts';
import { encodeRunLengths, wholeMask } from '../encode.ts';
import type { PreparedVolume } from '../prepare-volume.ts';

/** The whole grid's mask of one click, C order of the file's axes, 0 or 1. */
export async function maskOf(
  model: Model,
  volume: PreparedVolume,
  points: readonly Vec3[],
  space: Space = 'index',
): Promise<Uint8Array> {
  const annotation = await annotate({ model, volume, points, space });
  try {
    return await voxelsOf(annotation);
  } finally {
    annotation.dispose();
  }
}

/** The same, with the run lengths that a service would send. */
export async function maskAndRunLengthsOf(
  model: Model,
  volume: PreparedVolume,
  points: readonly Vec3[],
): Promise<{ mask: Uint8Array; runLengths: Uint8Array }> {
  const annotation = await annotate({ model, volume, points, space: 'index' });
  try {
    return {
      mask: await voxelsOf(annotation),
      runLengths: await encodeRunLengths(annotation),
    };
  } finally {
    annotation.dispose();
  }
}

async function voxelsOf(annotation: Annotation): Promise<Uint8Array> {
  using mask = await wholeMask(annotation);
  using voxels = Tensor.empty('uint8', mask.shape);
  await move({ input: mask, output: voxels });
  return Uint8Array.from(voxels.bytes());
}
