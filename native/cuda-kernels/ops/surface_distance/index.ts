import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { sameShape } from '../../lib/overlap.ts';
import { checkSpacing } from '../../lib/spacing.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

export interface SurfaceDistancesOptions {
  /** uint8, 3 axes, any strides. */
  readonly prediction: Tensor;
  /** uint8 of the prediction's shape, any strides. */
  readonly reference: Tensor;
  /** The value to look at in both, 1 to 255. Default: everything but 0. */
  readonly label?: number;
  /** The voxels' size along each axis in mm. */
  readonly spacing: readonly number[];
  /** Of the percentile figures, 0 to 100. Default 95. */
  readonly percentile?: number;
  readonly signal?: AbortSignal;
}

/** Distances from the voxels of one surface to the nearest of the other. */
export interface DirectedDistances {
  /** Of the surface that is measured from. */
  readonly voxels: number;
  readonly meanMm: number;
  readonly percentileMm: number;
  readonly maxMm: number;
}

export interface SurfaceDistances {
  /** The largest of all distances, in both directions. */
  readonly hausdorffMm: number;
  /** The larger of both directions' percentiles: the Hausdorff distance at 95 % (HD95) by default. */
  readonly hausdorffPercentileMm: number;
  /** The mean of all distances of both directions together. */
  readonly averageSymmetricMm: number;
  readonly fromPrediction: DirectedDistances;
  readonly fromReference: DirectedDistances;
}

interface NativeDirected {
  readonly voxels: number;
  readonly mean: number;
  readonly percentile: number;
  readonly max: number;
}

interface NativeSurfaceDistances {
  surfaceDistances(
    options: {
      prediction: NativeTensor;
      reference: NativeTensor;
      label?: number;
      spacing: readonly number[];
      percentile: number;
    } & JobArguments,
  ): Promise<{ fromPrediction: NativeDirected; fromReference: NativeDirected }>;
}

/**
 * How far apart the surfaces of two masks lie, as MONAI's compute_hausdorff_distance and
 * compute_average_surface_distance (symmetric) define it: a mask's surface are its voxels that a binary
 * erosion by faces takes away (those on the tensor's faces are among them), and distances go from voxel
 * centre to voxel centre. Every surface voxel counts the same; DeepMind's surface-distance weighs by the area
 * of surface elements, so that its percentile and averages differ by a fraction of a voxel. Percentiles are
 * linear between ranks, as numpy's. One mask empty: all distances are infinite; both empty: NaN.
 *
 * @example
 * const { hausdorffPercentileMm } = await surfaceDistances({ prediction, reference, spacing });
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function surfaceDistances(
  options: SurfaceDistancesOptions,
): Promise<SurfaceDistances> {
  const { prediction, reference, label, spacing, percentile = 95, signal } = options;
  const got = ({ dtype, shape }: Tensor) => `${dtype} [${shape.join(', ')}]`;
  const isMask = prediction.dtype === 'uint8' && prediction.shape.length === 3;
  check(isMask, 'prediction', got(prediction), 'uint8, 3 axes');
  const fits = reference.dtype === 'uint8' && sameShape(prediction, reference);
  check(fits, 'reference', got(reference), `uint8 [${prediction.shape.join(', ')}]`);
  const isLabel = label === undefined || (Number.isInteger(label) && label >= 1 && label <= 255);
  check(isLabel, 'label', label, 'a whole number from 1 to 255');
  checkSpacing(spacing);
  check(percentile >= 0 && percentile <= 100, 'percentile', percentile, '0 to 100');
  const found = await runJob(signal, (job) =>
    native<NativeSurfaceDistances>().surfaceDistances({
      prediction: nativeTensor(prediction),
      reference: nativeTensor(reference),
      ...(label === undefined ? {} : { label }),
      spacing: [...spacing],
      percentile,
      ...job,
    }),
  );
  return joined(found.fromPrediction, found.fromReference);
}

function joined(a: NativeDirected, b: NativeDirected): SurfaceDistances {
  const empty = a.voxels === 0 && b.voxels === 0;
  const instead = empty ? Number.NaN : Number.POSITIVE_INFINITY;
  const measured = a.voxels > 0 && b.voxels > 0;
  const sum = a.mean * a.voxels + b.mean * b.voxels;
  const directed = (of: NativeDirected): DirectedDistances => ({
    voxels: of.voxels,
    meanMm: measured ? of.mean : instead,
    percentileMm: measured ? of.percentile : instead,
    maxMm: measured ? of.max : instead,
  });
  return {
    hausdorffMm: measured ? Math.max(a.max, b.max) : instead,
    hausdorffPercentileMm: measured ? Math.max(a.percentile, b.percentile) : instead,
    averageSymmetricMm: measured ? sum / (a.voxels + b.voxels) : instead,
    fromPrediction: directed(a),
    fromReference: directed(b),
  };
}
