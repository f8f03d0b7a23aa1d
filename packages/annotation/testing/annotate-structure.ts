import type { Space, Vec3 } from '#geometry';
import type { Model } from '#models';
import { annotate } from '../annotate.ts';
import { wholeMask } from '../encode.ts';
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
    using mask = await wholeMask(annotation);
    return Uint8Array.from(mask.toArray() as Uint8Array);
  } finally {
    annotation.dispose();
  }
}
