import { SextantError } from '#errors';
import { spacingOf, type Vec3 } from '#geometry';
import type { ConversionOptions, FoundVolume } from './conversion.ts';
import { type ImageSource, readImageHeader } from './read-image.ts';
import { needsRegrid, rightAngledGrid, spacedGrid } from './regrid/index.ts';

interface NeedOptions {
  readonly volumeLimitBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of voxels that are in memory at once while a volume is converted: of what is resampled the old and the new. */
export async function memoryNeed(
  { source, bytes }: FoundVolume,
  how: ConversionOptions,
  options: NeedOptions,
): Promise<number> {
  if (source.kind !== 'dicom') return await needOfImage(source, how, options);
  const { spacingMm, uneven, tilt } = how;
  const { affine } = source.plan.volume ?? {};
  if (spacingMm !== undefined && affine !== undefined) {
    const old = spacingOf(affine);
    const finer = spacingMm.reduce((ratio, mm, axis) => (ratio * (old[axis] ?? mm)) / mm, 1);
    return bytes + Math.min(bytes * finer, options.volumeLimitBytes);
  }
  const isResident = uneven === 'resample' || tilt === 'resample';
  return isResident ? 2 * bytes : bytes / 8;
}

/** Its file may be a thousandth of it: the header knows. */
async function needOfImage(
  source: ImageSource,
  how: ConversionOptions,
  { volumeLimitBytes, signal }: NeedOptions,
): Promise<number> {
  const header = await readImageHeader(source, { signal }).catch((error) => {
    if (error instanceof SextantError) return undefined;
    throw error;
  });
  // What cannot be read is refused when it is opened, and needs nothing.
  if (header === undefined) return 0;
  const { grid, voxelBytes } = header;
  const read = Math.min(voxelBytes, volumeLimitBytes);
  if (!needsRegrid(grid, how, {})) return read;
  const right = rightAngledGrid(grid);
  const { shape } = how.spacingMm === undefined ? right : spacedGrid(right, how.spacingMm);
  const made = (voxelBytes / count(grid.shape)) * count(shape);
  return read + Math.min(made, volumeLimitBytes);
}

const count = ([i, j, k]: Vec3) => i * j * k;
