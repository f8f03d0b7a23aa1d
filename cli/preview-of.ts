import { pointsToIndex } from '#geometry';
import { renderPreview } from '#preview';
import { readNifti } from '#volume/nifti';
import type { ImageQuestion } from './answer.ts';

/** The picture of a mask on its image, from the files of both. */
export async function previewOf(question: ImageQuestion, mask: Uint8Array): Promise<Uint8Array> {
  const { imagePath, frame, points, space, volumeLimitBytes, signal } = question;
  const chosen = frame === undefined ? {} : { frame };
  using image = await readNifti({ path: imagePath }, { volumeLimitBytes, ...chosen, signal });
  using answered = await readNifti({ bytes: mask }, { signal });
  const { grid } = image;
  using voxels = image.voxels.reshape(grid.shape);
  return await renderPreview({
    grid,
    voxels,
    scale: image.scale,
    mask: answered.voxels,
    maskLow: [0, 0, 0],
    points: pointsToIndex(points, space, grid),
    signal,
  });
}
