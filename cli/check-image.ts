import { SextantError } from '#errors';
import { pointsToIndex, type Space, type Vec3 } from '#geometry';
import { readNiftiHeader } from '#volume/nifti';

/**
 * Holds frame and points against the image's header, which takes a moment: a typing error is
 * answered before a network is loaded or a gigabyte sent.
 *
 * @throws SextantError those of `readNiftiHeader` and `pointsToIndex`, FRAME_REQUIRED
 */
export async function checkImage(question: {
  imagePath: string;
  frame: number | undefined;
  points: readonly Vec3[];
  space: Space;
  signal: AbortSignal;
}): Promise<{ singleFile: boolean }> {
  const { imagePath, frame, points, space, signal } = question;
  const header = await readNiftiHeader({ path: imagePath }, { signal });
  if (header.frames > 1 && frame === undefined) {
    throw new SextantError('FRAME_REQUIRED', {
      subject: '--frame',
      got: `an image of ${header.frames} frames and no choice among them`,
      expected: `a whole number from 0 to ${header.frames - 1}`,
      remedy: 'say which frame is meant with --frame',
    });
  }
  pointsToIndex(points, space, header.grid);
  return header;
}
