import { SextantError } from '#errors';
import { type Grid, pointsToIndex, type Space, type Vec3 } from '#geometry';
import { assertFrame, readNiftiHeader } from '#volume/nifti';

/**
 * Holds the frame against the image's header, which takes a moment: a typing error is answered
 * before a network is loaded or a gigabyte sent.
 *
 * @throws SextantError those of `readNiftiHeader` and `assertFrame` (about --frame)
 */
export async function checkImage(place: {
  imagePath: string;
  frame: number | undefined;
  signal: AbortSignal;
}): Promise<{ singleFile: boolean; grid: Grid }> {
  const { imagePath, frame, signal } = place;
  const header = await readNiftiHeader({ path: imagePath }, { signal });
  aboutFlag('--frame', () => assertFrame(header, frame));
  return header;
}

/** `checkImage`, and the points as well. Throws what `pointsToIndex` does, too. */
export async function checkQuestion(question: {
  imagePath: string;
  frame: number | undefined;
  points: readonly Vec3[];
  space: Space;
  signal: AbortSignal;
}): Promise<{ singleFile: boolean }> {
  const header = await checkImage(question);
  pointsToIndex(question.points, question.space, header.grid);
  return header;
}

/** What `check` does; an error names the flag, which is what the user knows. */
function aboutFlag(flag: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof SextantError)) throw error;
    const { reason, got, expected, remedy } = error;
    const told = remedy === undefined ? {} : { remedy };
    throw new SextantError(reason, { subject: flag, got, expected, ...told, cause: error });
  }
}
