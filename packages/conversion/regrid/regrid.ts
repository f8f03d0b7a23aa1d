import { type Grid, perAxis, spacingOf } from '#geometry';
import type { Volume, Warning } from '#volume';
import type { ConversionOptions } from '../conversion.ts';
import { evenSlices } from './even-slices.ts';
import { resampled } from './resampled.ts';
import { isSheared, rightAngledGrid, spacedGrid } from './target-grid.ts';

/** What reading found out about the slices. */
export interface GivenSlices {
  /** The step leans from the normal: the affine is sheared. */
  readonly tiltDegrees?: number | undefined;
  /** Distances along the step that are not even, and are to become so. */
  readonly slicePositionsMm?: readonly number[] | undefined;
}

export interface Regridded {
  readonly volume: Volume & Disposable;
  readonly changes: readonly Warning[];
}

/** Formats that say spacing and direction apart, and so no shear. */
const SHEARLESS = new Set(['.mha', '.mhd', '.nrrd']);

/** Spacings closer than this part are the same. */
const SAME_SPACING = 1e-5;

/** Whether a volume has to be resampled to be written as asked. */
export function needsRegrid(
  grid: Grid,
  { spacingMm, tilt, format }: ConversionOptions,
  { slicePositionsMm }: GivenSlices,
): boolean {
  if (slicePositionsMm !== undefined) return true;
  if (spacingMm !== undefined) {
    const old = spacingOf(grid.affine);
    const isSame = old.every((s, axis) => Math.abs(s / (spacingMm[axis] ?? s) - 1) < SAME_SPACING);
    if (!isSame) return true;
  }
  const wantsRightAngles = tilt === 'resample' || spacingMm !== undefined || SHEARLESS.has(format);
  return wantsRightAngles && isSheared(grid);
}

/**
 * Brings a volume to even distances, right angles and the spacing asked for. Distances are evened along the
 * step by an interpolation of their own; everything else is one. The given volume stays its owner's.
 *
 * Voxels beyond the old field get the lowest stored value of the image, labels 0.
 */
export async function regrid(
  volume: Volume,
  options: ConversionOptions,
  given: GivenSlices & {
    signal?: AbortSignal | undefined;
    reserve?: ((bytes: number) => void) | undefined;
    volumeLimitBytes?: number | undefined;
  },
): Promise<Regridded> {
  const { slicePositionsMm } = given;
  const changes: Warning[] = [];
  let even: (Volume & Disposable) | undefined;
  try {
    if (slicePositionsMm !== undefined) {
      even = await evenSlices(volume, slicePositionsMm, {
        label: options.label ?? false,
        ...given,
      });
      changes.push(evenChange(slicePositionsMm, even.grid));
      if (!needsRegrid(even.grid, options, {})) {
        const done = even;
        even = undefined;
        return { volume: done, changes };
      }
    }
    const from = even ?? volume;
    const { spacingMm } = options;
    const right = isSheared(from.grid) ? rightAngledGrid(from.grid) : from.grid;
    const target = spacingMm === undefined ? right : spacedGrid(right, spacingMm);
    if (right !== from.grid) changes.push(tiltChange(from.grid, right, given.tiltDegrees));
    if (spacingMm !== undefined)
      changes.push(spacingChange(from.grid, target, options.label ?? false));
    const made = await resampled(from, target, { label: options.label ?? false, ...given });
    return { volume: made, changes };
  } finally {
    even?.dispose();
  }
}

function evenChange(positionsMm: readonly number[], { affine, shape }: Grid): Warning {
  const step = spacingOf(affine)[2];
  return {
    reason: 'UNEVEN_RESAMPLED',
    message: `${positionsMm.length} slices at uneven distances became ${shape[2]} at ${mm(step)}`,
  };
}

function tiltChange(from: Grid, to: Grid, tiltDegrees: number | undefined): Warning {
  const tilt =
    tiltDegrees === undefined ? 'sheared axes' : `a tilt of ${tiltDegrees.toFixed(2)} degrees`;
  return {
    reason: 'TILT_RESAMPLED',
    message: `${tilt} was resampled from ${from.shape.join(' x ')} to right angles, ${to.shape.join(' x ')}`,
  };
}

function spacingChange(from: Grid, to: Grid, label: boolean): Warning {
  const [old, now] = [from, to].map(({ affine }) => perAxis((axis) => mm(spacingOf(affine)[axis])));
  return {
    reason: 'RESAMPLED',
    message: `${label ? 'nearest' : 'linear'} resampling from ${from.shape.join(' x ')} voxels of ${old?.join(' x ')} to ${to.shape.join(' x ')} of ${now?.join(' x ')}`,
  };
}

function mm(value: number): string {
  return `${Number(value.toFixed(4))} mm`;
}
