import { SextantError } from '#errors';
import { type ReadImage, readImage } from './read-image.ts';

/**
 * As `readImage`, of a file that has one frame.
 *
 * @throws SextantError as `readImage`, ARGUMENT_INVALID for a 4D file
 */
export async function readVolume(
  path: string,
  signal: AbortSignal | undefined,
): Promise<ReadImage> {
  const image = await readImage(path, signal);
  const [frames] = image.storage.shape;
  if (frames === 1) return image;
  image.storage.dispose();
  throw notThreeD(path, `${frames} frames`);
}

export function notThreeD(path: string, got: string): SextantError {
  return new SextantError('ARGUMENT_INVALID', {
    subject: path,
    got: `an array of ${got}`,
    expected: '3 axes, x y z',
    remedy: 'load it with transforms.LoadNifty, whose fields have channels',
  });
}
