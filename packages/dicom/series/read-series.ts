import { SextantError } from '#errors';
import { type Dtype, Tensor } from '#kernels';
import type { Volume, VoxelType, Warning } from '#volume';
import { type PiecesOptions, piecesOf, sliceBytesOf } from './pieces.ts';
import type { SeriesPlan, VolumePlan } from './plan.ts';

/** What to do with slices that are missing, double or unevenly spaced. */
export type UnevenHandling = 'refuse' | 'resample' | 'keep';

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
  { name, volume: plan, failure, changes, warnings }: SeriesPlan,
  { uneven = 'refuse' }: { uneven?: UnevenHandling } = {},
): OpenedSeries {
  if (failure !== undefined) throw failure;
  if (plan === undefined) throw new Error(`the plan ${name} has neither a volume nor a failure`);
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
    changes,
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

function voxelTypeOf({ type, rescale }: VolumePlan): VoxelType {
  if (type.components === 3) return 'rgb24';
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
