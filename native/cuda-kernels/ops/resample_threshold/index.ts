import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { checkApart } from '../../lib/overlap.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

export interface ResampleThresholdOptions {
  /** 3 axes, any dtype, any strides. */
  readonly input: Tensor;
  /** 3 axes, uint8, any strides. Must not share memory with the input. */
  readonly output: Tensor;
  /** 12 numbers, row-major 3x4: output voxel index -> input voxel index. */
  readonly outputToInput: readonly number[];
  readonly atLeast: number;
  readonly signal?: AbortSignal;
}

/** Output voxels low <= i < high along each axis: the smallest box of all that were set. */
export interface SetBounds {
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
}

interface NativeResampleThreshold {
  resampleThreshold(
    options: {
      input: NativeTensor;
      output: NativeTensor;
      outputToInput: readonly number[];
      atLeast: number;
    } & JobArguments,
  ): Promise<readonly [number, number, number, number, number, number]>;
}

/**
 * Sets to 1 each voxel of the output where the input, resampled linearly, is `atLeast` or more: bit for
 * bit where `resample` and then `pointwise` with a threshold give 1. All other voxels stay as they are,
 * and so do those beyond the input's outer faces. Memory of a fresh output is touched only where
 * something is set, or nearly.
 *
 * @returns the smallest box of what was set; all 0 when nothing was
 * @example
 * // Probabilities of 48 x 48 x 48 onto 100 x 90 x 80 voxels.
 * const found = await resampleThreshold({ input, output, outputToInput, atLeast: 0.5 });
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function resampleThreshold(options: ResampleThresholdOptions): Promise<SetBounds> {
  const { input, output, outputToInput, atLeast, signal } = options;
  check(input.shape.length === 3, 'input', `${input.shape.length} axes`, '3 axes');
  check(output.shape.length === 3, 'output', `${output.shape.length} axes`, '3 axes');
  check(output.dtype === 'uint8', 'output', output.dtype, 'uint8');
  const finite = outputToInput.length === 12 && outputToInput.every(Number.isFinite);
  check(finite, 'outputToInput', `[${outputToInput.join(', ')}]`, '12 finite numbers');
  check(Number.isFinite(atLeast), 'atLeast', atLeast, 'a finite number');
  checkApart(input, output);
  const [x, y, z, ...high] = await runJob(signal, (job) =>
    native<NativeResampleThreshold>().resampleThreshold({
      input: nativeTensor(input),
      output: nativeTensor(output),
      outputToInput: [...outputToInput],
      atLeast,
      ...job,
    }),
  );
  return { low: [x, y, z], high };
}
