import { SextantError } from '#errors';
import type { NiftiHeader } from './header.ts';

/**
 * Checks the choice of a frame before anything is read by it: an image of several frames needs one.
 * @throws SextantError FRAME_REQUIRED, FRAME_OUT_OF_RANGE
 */
export function assertFrame({ frames }: NiftiHeader, frame: number | undefined): void {
  if (frame === undefined) {
    if (frames === 1) return;
    throw new SextantError('FRAME_REQUIRED', {
      subject: 'frame',
      got: `an image of ${frames} frames and no choice among them`,
      expected: `a frame from 0 to ${frames - 1}`,
      remedy: 'say which frame is meant',
    });
  }
  if (Number.isInteger(frame) && frame >= 0 && frame < frames) return;
  throw new SextantError('FRAME_OUT_OF_RANGE', {
    subject: 'frame',
    got: `${frame}`,
    expected: frames === 1 ? '0, the only frame' : `a whole number from 0 to ${frames - 1}`,
  });
}
