import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { checkApart, sameShape } from '../../lib/overlap.ts';
import { checkSpacing } from '../../lib/spacing.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

export interface DistanceTransformOptions {
  /** uint8, 3 axes, any strides. */
  readonly mask: Tensor;
  /** float32 of the mask's shape, any strides. Must not share memory with the mask. */
  readonly output: Tensor;
  /** The voxels' size along each axis, in the unit that the distances are wanted in. Default [1, 1, 1]. */
  readonly spacing?: readonly number[];
  readonly signal?: AbortSignal;
}

interface NativeDistanceTransform {
  distanceTransform(
    options: {
      mask: NativeTensor;
      output: NativeTensor;
      spacing: readonly number[];
    } & JobArguments,
  ): Promise<void>;
}

/**
 * Writes at each voxel the Euclidean distance to the centre of the nearest voxel of 0: what
 * `scipy.ndimage.distance_transform_edt(mask, spacing)` gives. Exact but for the rounding to float32 of the
 * distances and, between the axes, of their squares. Where the mask has no 0, all are infinite.
 *
 * @example
 * await distanceTransform({ mask, output, spacing: [0.8, 0.8, 2] }); // how deep inside, in mm
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function distanceTransform(options: DistanceTransformOptions): Promise<void> {
  const { mask, output, spacing = [1, 1, 1], signal } = options;
  const got = `${mask.dtype} [${mask.shape.join(', ')}]`;
  check(mask.dtype === 'uint8' && mask.shape.length === 3, 'mask', got, 'uint8, 3 axes');
  const fits = output.dtype === 'float32' && sameShape(mask, output);
  const other = `${output.dtype} [${output.shape.join(', ')}]`;
  check(fits, 'output', other, `float32 [${mask.shape.join(', ')}]`);
  checkApart(mask, output);
  checkSpacing(spacing);
  await runJob(signal, (job) =>
    native<NativeDistanceTransform>().distanceTransform({
      mask: nativeTensor(mask),
      output: nativeTensor(output),
      spacing: [...spacing],
      ...job,
    }),
  );
}
