import { type DicomWorkers, openSeries, piecesOf, readSeries } from '#dicom';
import { SextantError } from '#errors';
import type { Grid, Vec3 } from '#geometry';
import type { Tensor } from '#kernels';
import { isScalar, type Scale, type Volume, voxelPieces, type Warning } from '#volume';
import type { ConversionOptions, Converted, FoundVolume, VolumeSource } from './conversion.ts';
import { type ReadOptions, readImage } from './read-image.ts';
import { assertResultWithin, needsRegrid, regrid, spacedGrid } from './regrid/index.ts';

export interface OpenOptions extends ReadOptions {
  readonly workers: DicomWorkers;
  /** Hears how much of the volume is done, from 0 to 1: it is when its voxels have been taken. */
  readonly onProgress?: ((part: number) => void) | undefined;
}

/** Of a volume that is in memory as a whole: to read it takes about as long as to write it. */
const READ_PART = 0.5;

/**
 * Opens a found volume as it is to be written. Where nothing is resampled its voxels are never in memory
 * as a whole.
 *
 * @throws SextantError as the readers do; SERIES_UNEVEN
 */
export async function openVolume(
  found: FoundVolume,
  how: ConversionOptions,
  options: OpenOptions,
): Promise<Converted> {
  const { source } = found;
  if (source.kind === 'dicom') return await openDicom(found, source, how, options);
  const volume = await readImage(source, options);
  const { grid, scale } = volume;
  const isScaled = scale.slope !== 1 || scale.intercept !== 0;
  const warnings =
    isScaled && !KNOWS_RESCALE.has(how.format)
      ? [...volume.warnings, notApplied(scale)]
      : volume.warnings;
  const about = { name: found.name, sourceGrid: grid, changes: lossesOf(volume), warnings };
  return await resident(volume, about, how, options);
}

/** What an image has that is written in no output. */
function lossesOf({ dtype, voxels, frames, hasExtensions }: Volume): Warning[] {
  const losses: Warning[] = [];
  const beyondThird = voxels.shape.slice(isScalar(dtype) ? 3 : 4);
  if (beyondThird.length > 1) {
    const message = `the axes beyond the third, ${beyondThird.join(' x ')}, became one of ${frames} frames`;
    losses.push({ reason: 'AXES_JOINED', message });
  }
  if (hasExtensions === true) {
    const message = 'the header extensions of the NIfTI file were left out';
    losses.push({ reason: 'EXTENSIONS_DROPPED', message });
  }
  return losses;
}

/** Every voxel is kept as it is stored, and so is its scale: but who reads this format leaves it. */
function notApplied({ slope, intercept }: Scale): Warning {
  return {
    reason: 'SCALE_IGNORED',
    message: `voxels measure value x ${slope} + ${intercept}: the header says so, and most readers of this format do not apply it`,
  };
}

/** Formats whose readers apply slope and intercept. */
const KNOWS_RESCALE = new Set(['.nii', '.nii.gz']);

async function openDicom(
  { name, series }: FoundVolume,
  { plan }: Extract<VolumeSource, { kind: 'dicom' }>,
  how: ConversionOptions,
  options: OpenOptions,
): Promise<Converted> {
  const opened = openSeries(plan, {
    uneven: how.uneven ?? 'refuse',
    rescaled: !KNOWS_RESCALE.has(how.format),
  });
  const { header, bytes, slicePositionsMm } = opened;
  assertWithin(bytes, options.volumeLimitBytes);
  assertSpacingWithin(opened.header.grid, bytes, how, options);
  const { tiltDegrees, slices } = opened.plan;
  const about = {
    name,
    series,
    sourceGrid: header.grid,
    changes: opened.changes,
    warnings: opened.warnings,
  };
  const given = { tiltDegrees, slicePositionsMm };
  const isResident = needsRegrid(header.grid, how, given);
  const whole = isResident ? slices.length / READ_PART : slices.length;
  const onProgress = (done: number) => options.onProgress?.(done / whole);
  const reading = { workers: options.workers, signal: options.signal, onProgress };
  if (isResident) {
    const volume = await readSeries(opened, { ...reading, reserve: options.reserve });
    return await resident(volume, about, how, options, given);
  }
  const changes =
    tiltDegrees === undefined ? about.changes : [...about.changes, sheared(tiltDegrees)];
  return { ...about, changes, header, bytes, voxels: piecesOf(opened.plan, reading), dispose() {} };
}

function assertWithin(bytes: number, limitBytes: number | undefined): void {
  if (limitBytes === undefined || bytes <= limitBytes) return;
  throw new SextantError('VOLUME_TOO_LARGE', {
    subject: 'volume',
    got: `${bytes} bytes of voxels`,
    expected: `at most ${limitBytes}`,
    remedy: 'convert a part of the series, or raise --volume-limit',
  });
}

/** Before the voxels are read: what -r asks for may be larger than any image. */
function assertSpacingWithin(
  grid: Grid,
  bytes: number,
  { spacingMm }: ConversionOptions,
  { volumeLimitBytes }: OpenOptions,
): void {
  if (spacingMm === undefined) return;
  const { shape } = spacedGrid(grid, spacingMm);
  const voxels = (of: Vec3) => of[0] * of[1] * of[2];
  assertResultWithin(
    { shape, bytes: (bytes / voxels(grid.shape)) * voxels(shape) },
    volumeLimitBytes,
  );
}

function sheared(tiltDegrees: number): Warning {
  return {
    reason: 'TILT_SHEARED',
    message: `the slices are tilted by ${tiltDegrees.toFixed(2)} degrees: every voxel is kept under a sheared affine, which readers built on ITK refuse or ignore; --tilt resample suits them`,
  };
}

type About = Pick<Converted, 'name' | 'series' | 'sourceGrid' | 'changes' | 'warnings'>;

/** A volume in memory, regridded where that is asked for. */
async function resident(
  volume: Volume & Disposable,
  about: About,
  how: ConversionOptions,
  options: OpenOptions,
  given: {
    tiltDegrees?: number | undefined;
    slicePositionsMm?: readonly number[] | undefined;
  } = {},
): Promise<Converted> {
  let whole: Volume = volume;
  let { changes } = about;
  if (needsRegrid(volume.grid, how, given)) {
    try {
      const made = await regrid(volume, how, { ...given, ...options });
      whole = made.volume;
      changes = [...changes, ...made.changes];
      const isShearKept = !made.changes.some(({ reason }) => reason === 'TILT_RESAMPLED');
      if (given.tiltDegrees !== undefined && isShearKept) {
        changes = [...changes, sheared(given.tiltDegrees)];
      }
    } finally {
      volume.dispose();
    }
  }
  const { voxels, warnings: _, dispose, ...header } = whole;
  return {
    ...about,
    changes,
    header,
    bytes: voxels.byteLength,
    voxels: heardPieces(voxels, options.onProgress),
    dispose: () => dispose.call(whole),
  };
}

async function* heardPieces(
  voxels: Tensor,
  onProgress: OpenOptions['onProgress'],
): AsyncGenerator<Uint8Array, void> {
  let done = 0;
  for await (const piece of voxelPieces(voxels)) {
    yield piece;
    done += piece.length;
    onProgress?.(READ_PART + ((1 - READ_PART) * done) / voxels.byteLength);
  }
}
