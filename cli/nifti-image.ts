import { stat } from 'node:fs/promises';
import { imageKindOf, type Warning } from '#volume';

/** An image of this machine as NIfTI: the file that was given, or what was made of it until disposed. */
export interface NiftiImage extends AsyncDisposable {
  /** The NIfTI file. */
  readonly imagePath: string;
  /** What the user gave, for messages. */
  readonly givenPath: string;
  /** Of a file that was made: what it was made of, the same for the same command. */
  readonly madeOf?: string | undefined;
  /** What was changed in making it. */
  readonly warnings: readonly Warning[];
}

export interface NiftiImageOptions {
  /** Of several volumes, which: its name or its number, from 1. */
  readonly volume?: string | undefined;
  readonly tilt: 'shear' | 'resample';
  readonly uneven: 'refuse' | 'resample' | 'keep';
  readonly volumeLimitBytes: number;
  /** For sending: smaller, and a moment later. */
  readonly isCompressed: boolean;
  readonly signal: AbortSignal;
  /** Hears what is being done, in a few words. */
  readonly onStep: (step: string) => void;
}

/**
 * NIfTI as it is; a folder, an archive or a file of DICOM, MetaImage or NRRD as the volume that it makes.
 *
 * @throws SextantError those of a conversion; NO_IMAGES, VOLUME_CHOICE_REQUIRED
 */
export async function niftiImage(
  givenPath: string,
  options: NiftiImageOptions,
): Promise<NiftiImage> {
  if (options.volume === undefined && !(await isToBeMade(givenPath))) {
    return { imagePath: givenPath, givenPath, warnings: [], [Symbol.asyncDispose]: async () => {} };
  }
  const { madeImage } = await import('./made-image.ts');
  return await madeImage(givenPath, options);
}

/** What is neither, or is not there, NIfTI's reader refuses by name. */
async function isToBeMade(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) return true;
  if (!there?.isFile()) return false;
  const known = await imageKindOf(path).catch(() => undefined);
  if (known === undefined) return /\.(dcm|dicom)$/i.test(path);
  return known.kind !== 'nifti' && known.kind !== 'nifti-pair';
}
