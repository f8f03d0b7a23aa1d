import type { ImageFile } from '#volume';
import type { Converted, OutputFormat } from './conversion.ts';

export interface OutputOptions {
  readonly format: OutputFormat;
  /** 1 (fastest) to 9, for what is compressed. */
  readonly level?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The files of a volume, to be written one after the other: all of them together read the voxels once.
 * `stem` is their name without ending, which a .mhd needs to name its .raw.
 */
export async function outputFiles(
  { header, voxels }: Converted,
  stem: string,
  { format, level, signal }: OutputOptions,
): Promise<ImageFile[]> {
  if (format === '.nii' || format === '.nii.gz') {
    const { niftiFile } = await import('#volume/nifti');
    return [niftiFile(header, voxels, { gzip: format === '.nii.gz', level, signal })];
  }
  if (format === '.nrrd') {
    const { nrrdFile } = await import('#volume/nrrd');
    return [nrrdFile(header, voxels, { level, signal })];
  }
  const { metaImageFiles } = await import('#volume/metaimage');
  return metaImageFiles(header, voxels, { stem, isOneFile: format === '.mha', signal });
}
