import type { SextantError } from '#errors';
import type { Converted, FoundVolume, VolumeReport } from './conversion.ts';

type Named = Pick<FoundVolume, 'name' | 'fileNames' | 'series'>;

/** What is to be said of a volume that was written under these names. */
export function reportOf(
  found: FoundVolume,
  { header, sourceGrid, changes, warnings }: Converted,
  files: readonly string[],
): VolumeReport {
  const { grid, frames, dtype: voxelType, scale } = header;
  return {
    source: sourceOf(found),
    sourceGrid,
    output: { files, grid, frames, voxelType, scale },
    changes,
    warnings,
  };
}

/** What is to be said of one that could not be made, which would have been written to `place`. */
export function failureReport(
  found: Named,
  error: Pick<SextantError, 'reason' | 'message'>,
  place?: string,
): VolumeReport {
  const { reason, message } = error;
  return {
    source: sourceOf(found),
    ...(place === undefined ? {} : { place }),
    changes: [],
    warnings: [],
    failure: { reason, message },
  };
}

function sourceOf({ name, fileNames, series }: Named): VolumeReport['source'] {
  return { name, files: fileNames, ...(series === undefined ? {} : { series }) };
}
