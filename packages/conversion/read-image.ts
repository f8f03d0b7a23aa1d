import type { Grid } from '#geometry';
import type { Volume } from '#volume';
import type { VolumeSource } from './conversion.ts';

export type ImageSource = Exclude<VolumeSource, { kind: 'dicom' }>;

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** The most bytes a volume may take. */
  readonly volumeLimitBytes?: number | undefined;
  /** Hears how many bytes are about to be taken; it refuses by throwing. */
  readonly reserve?: ((bytes: number) => void) | undefined;
}

// Each reader is loaded when it is needed: a command's start is a part of its time.

/** Reads an image of any format but DICOM; throws what its reader does. */
export async function readImage(
  { kind, path, beside }: ImageSource,
  { signal, volumeLimitBytes, reserve }: ReadOptions,
): Promise<Volume & Disposable> {
  const options = {
    signal,
    ...(volumeLimitBytes === undefined ? {} : { volumeLimitBytes }),
    ...(reserve === undefined ? {} : { reserve }),
  };
  if (kind === 'nifti') {
    const { readNifti } = await import('#volume/nifti');
    return await readNifti({ path, beside }, options);
  }
  if (kind === 'metaimage') {
    const { readMetaImage } = await import('#volume/metaimage');
    return await readMetaImage({ path, beside }, options);
  }
  const { readNrrd } = await import('#volume/nrrd');
  return await readNrrd({ path, beside }, options);
}

export interface ImageHeader {
  readonly grid: Grid;
  readonly frames: number;
  /** Not compressed. */
  readonly voxelBytes: number;
}

/** What `readImage` will read, which takes a moment. Throws what the format's reader does. */
export async function readImageHeader(
  { kind, path, beside }: ImageSource,
  { signal }: Pick<ReadOptions, 'signal'>,
): Promise<ImageHeader> {
  if (kind === 'nifti') {
    const { readNiftiHeader } = await import('#volume/nifti');
    const { grid, frames, frameBytes } = await readNiftiHeader({ path, beside }, { signal });
    return { grid, frames, voxelBytes: frames * frameBytes };
  }
  if (kind === 'metaimage') {
    const { readMetaImageHeader } = await import('#volume/metaimage');
    return await readMetaImageHeader({ path, beside }, { signal });
  }
  const { readNrrdHeader } = await import('#volume/nrrd');
  return await readNrrdHeader({ path, beside }, { signal });
}
