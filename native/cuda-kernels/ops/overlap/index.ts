import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { sameShape } from '../../lib/overlap.ts';
import { checkSpacing } from '../../lib/spacing.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

export interface OverlapOptions {
  /** uint8, 1 to 8 axes, any strides; a mask or a labelmap. */
  readonly prediction: Tensor;
  /** uint8 of the prediction's shape, any strides. */
  readonly reference: Tensor;
  /** Which labels to tell of, 0 to 255. Default: those above 0 that are in either, in order. */
  readonly labels?: readonly number[];
  /** The voxels' size in mm. Default [1, 1, 1]. */
  readonly spacing?: readonly number[];
  readonly signal?: AbortSignal;
}

/** The figures of one label; P and R are its voxels in the prediction and in the reference. */
export interface LabelOverlap {
  readonly label: number;
  readonly predictionVoxels: number;
  readonly referenceVoxels: number;
  readonly sharedVoxels: number;
  /** 2 |P and R| / (|P| + |R|); NaN where neither has the label. */
  readonly dice: number;
  /** |P and R| / |P or R|; NaN where neither has the label. */
  readonly jaccard: number;
  readonly predictionMm3: number;
  readonly referenceMm3: number;
}

interface NativeOverlap {
  overlap(
    options: { prediction: NativeTensor; reference: NativeTensor } & JobArguments,
  ): Promise<Readonly<Record<'prediction' | 'reference' | 'shared', Float64Array>>>;
}

/**
 * How well two labelmaps agree, label by label, all labels in one pass. Where neither has the label, Dice and
 * Jaccard are NaN, and 0 where only one has it, as in DeepMind's surface-distance; MONAI's compute_dice and
 * compute_iou give NaN whenever the reference has not (ignore_empty).
 *
 * @example
 * const [liver] = await overlap({ prediction, reference, labels: [1], spacing });
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function overlap(options: OverlapOptions): Promise<LabelOverlap[]> {
  const { prediction, reference, labels, spacing = [1, 1, 1], signal } = options;
  const got = ({ dtype, shape }: Tensor) => `${dtype} [${shape.join(', ')}]`;
  const isMap = prediction.dtype === 'uint8' && prediction.shape.length > 0;
  check(isMap, 'prediction', got(prediction), 'uint8, 1 to 8 axes');
  const fits = reference.dtype === 'uint8' && sameShape(prediction, reference);
  check(fits, 'reference', got(reference), `uint8 [${prediction.shape.join(', ')}]`);
  const are = (labels ?? []).every((one) => Number.isInteger(one) && one >= 0 && one <= 255);
  check(are, 'labels', `[${labels?.join(', ')}]`, 'whole numbers from 0 to 255');
  checkSpacing(spacing);
  const counts = await runJob(signal, (job) =>
    native<NativeOverlap>().overlap({
      prediction: nativeTensor(prediction),
      reference: nativeTensor(reference),
      ...job,
    }),
  );
  const present = [...counts.prediction.keys()].filter(
    (label) => label > 0 && (counts.prediction[label] || counts.reference[label]),
  );
  const voxelMm3 = spacing.reduce((product, mm) => product * mm, 1);
  return (labels ?? present).map((label) => {
    const [p = 0, r = 0, shared = 0] = [counts.prediction, counts.reference, counts.shared].map(
      (count) => count[label],
    );
    return {
      label,
      predictionVoxels: p,
      referenceVoxels: r,
      sharedVoxels: shared,
      dice: (2 * shared) / (p + r),
      jaccard: shared / (p + r - shared),
      predictionMm3: p * voxelMm3,
      referenceMm3: r * voxelMm3,
    };
  });
}
