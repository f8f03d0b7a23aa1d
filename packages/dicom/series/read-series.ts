import { SextantError } from '#errors';
import { type Dtype, Tensor } from '#kernels';
import type { Volume, VoxelType, Warning } from '#volume';
import { type PiecesOptions, piecesOf, sliceBytesOf } from './pieces.ts';
import type { SeriesPlan, VolumePlan } from './plan.ts';

/** What to do with slices that are missing, double or unevenly spaced. */
export type UnevenHandling = 'refuse' | 'resample' | 'keep';

export interface OpenSeriesOptions {
  readonly uneven?: UnevenHandling;
  /** Voxels are what was measured, with a slope of 1: for formats whose readers know no rescale. */
  readonly rescaled?: boolean;
}

/** A volume's header, and what to know before its voxels are read. */
export interface OpenedSeries {
  readonly plan: VolumePlan;
  readonly dtype: VoxelType;
  readonly bytes: number;
  readonly header: Omit<Volume, 'voxels' | 'dispose' | 'warnings'>;
  readonly changes: readonly Warning[];
  readonly warnings: readonly Warning[];
  /** Where the slices lie along the step, for who resamples them to even distances. */
  readonly slicePositionsMm?: readonly number[] | undefined;
}

/**
 * Checks that a plan can become a volume as asked, and says what volume. Throws SERIES_UNEVEN for uneven
 * slices that are to be refused, or the plan's own failure.
 */
export function openSeries(
  { name, volume, failure, changes, warnings }: SeriesPlan,
  { uneven = 'refuse', rescaled = false }: OpenSeriesOptions = {},
): OpenedSeries {
  if (failure !== undefined) throw failure;
  if (volume === undefined) throw new Error(`the plan ${name} has neither a volume nor a failure`);
  const plan = rescaled ? withValues(volume) : volume;
  if (plan.uneven !== undefined && uneven === 'refuse')
    throw unevenError(name, plan.uneven.findings);
  const dtype = voxelTypeOf(plan);
  return {
    plan,
    dtype,
    bytes: sliceBytesOf(plan) * plan.slices.length,
    header: {
      grid: { shape: plan.shape, affine: plan.affine },
      dtype,
      scale: plan.rescale ?? { slope: 1, intercept: 0 },
      frames: plan.times,
      timeStepSeconds: plan.timeStepSeconds,
    },
    changes: plan === volume ? changes : [...changes, RESCALED],
    warnings:
      plan.uneven === undefined || uneven !== 'keep' ? warnings : [...warnings, keptWarning(plan)],
    slicePositionsMm: uneven === 'resample' ? plan.uneven?.positionsMm : undefined,
  };
}

export interface ReadSeriesOptions extends PiecesOptions {
  /** Hears how many bytes the voxels take before memory is taken for them; it refuses by throwing. */
  readonly reserve?: ((bytes: number) => void) | undefined;
}

/** Reads the voxels of an opened series into memory of the addon: [3,] columns, rows, slices [, times]. */
export async function readSeries(
  { plan, header, dtype, bytes, warnings }: OpenedSeries,
  { reserve, ...options }: ReadSeriesOptions,
): Promise<Volume & Disposable> {
  reserve?.(bytes);
  const component: Dtype = dtype === 'rgb24' ? 'uint8' : (dtype as Dtype);
  const shape = [
    ...(dtype === 'rgb24' ? [3] : []),
    ...plan.shape,
    ...(plan.times > 1 ? [plan.times] : []),
  ];
  const voxels = Tensor.empty(component, shape, { order: 'F' });
  try {
    const memory = voxels.bytes();
    let at = 0;
    for await (const piece of piecesOf(plan, options)) {
      memory.set(piece, at);
      at += piece.length;
    }
  } catch (error) {
    voxels.dispose();
    throw error;
  }
  const dispose = () => voxels.dispose();
  return { ...header, voxels, warnings, dispose, [Symbol.dispose]: dispose };
}

const RESCALED: Warning = {
  reason: 'RESCALE_APPLIED',
  message: 'voxels are the measured values: readers of this format apply no slope and intercept',
};

/** The plan with its rescale applied to the voxels; as it is where there is none to apply. */
function withValues(plan: VolumePlan): VolumePlan {
  const { rescale, type, slices } = plan;
  const isIdentity = rescale?.slope === 1 && rescale.intercept === 0;
  if (rescale === undefined || isIdentity || type.components === 3) return plan;
  const { slope, intercept } = rescale;
  const bits = slices.reduce((most, { instance }) => Math.max(most, instance.pixels.bitsStored), 1);
  const isInteger = slices.every(({ instance }) => instance.pixels.sampleKind === 'integer');
  // float32 holds whole numbers up to 2^24.
  const isWhole = isInteger && Number.isInteger(slope) && Number.isInteger(intercept) && bits <= 16;
  const largest = Math.abs(slope) * 2 ** bits + Math.abs(intercept);
  const storeAs =
    !isWhole || largest >= 2 ** 24 ? undefined : largest < 2 ** 15 ? 'int16' : 'int32';
  return { ...plan, rescale: undefined, storeAs };
}

function voxelTypeOf({ type, rescale, storeAs }: VolumePlan): VoxelType {
  if (type.components === 3) return 'rgb24';
  if (storeAs !== undefined) return storeAs;
  return rescale === undefined ? 'float32' : type.dtype;
}

function unevenError(name: string, findings: readonly string[]): SextantError {
  return new SextantError('SERIES_UNEVEN', {
    subject: name,
    got: findings.join('; '),
    expected: 'slices at even distances',
    remedy:
      '--uneven resample brings them to the smallest distance, --uneven keep takes the mean distance',
  });
}

function keptWarning({ uneven, affine }: VolumePlan): Warning {
  const step = Math.hypot(affine[2] ?? 0, affine[6] ?? 0, affine[10] ?? 0);
  return {
    reason: 'UNEVEN_KEPT',
    message: `slices lie elsewhere than in the patient: the mean distance, ${Number(step.toFixed(4))} mm, was taken for all (${uneven?.findings.join('; ')})`,
  };
}
