import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { checkApart } from '../../lib/overlap.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

export interface ResampleOptions {
  /** 3 axes, any dtype, any strides. */
  readonly input: Tensor;
  /** 3 axes, any dtype, any strides. Must not share memory with the input. */
  readonly output: Tensor;
  /** 12 numbers, row-major 3x4: output voxel index -> input voxel index. */
  readonly outputToInput: readonly number[];
  /** Default linear. Nearest: halves, to 1e-9 of a voxel, go to the higher index. */
  readonly interpolation?: 'linear' | 'nearest';
  /** Applied to the interpolated value, in float64; not to the fill. Default slope 1, intercept 0. */
  readonly scale?: { readonly slope: number; readonly intercept: number };
  /** The value beyond the input's outer faces, [-0.5, n - 0.5]. Default 0. */
  readonly fill?: number;
  readonly signal?: AbortSignal;
}

interface NativeResample {
  resample(
    options: {
      input: NativeTensor;
      output: NativeTensor;
      outputToInput: readonly number[];
      nearest: boolean;
      slope: number;
      intercept: number;
      fill: number;
    } & JobArguments,
  ): Promise<void>;
}

/**
 * Resamples a 3D tensor by an affine map between voxel indices (whole numbers are centres). Within half
 * a voxel outside the outermost centres the border's value holds, beyond that `fill`.
 *
 * Positions are float64. Weights and values are float32 for inputs of 8 and 16 bits and float32, and
 * float64 for wider ones; interpolation goes along axis 2, then 1, then 0 of the input as given, and the
 * scale comes after it. Integer outputs are rounded half to even and saturate, NaN becomes 0, the fill
 * likewise; the nearest voxel in a dtype's own kind is the very value, 64-bit integers included. A constant input gives exactly its (scaled) value. The result is the same, bit
 * for bit, on every variant and for any number of threads.
 *
 * @example
 * // Halve the resolution of the first axis: centres map to i = (o + 0.5) * 2 - 0.5.
 * await resample({ input, output, outputToInput: [2, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 1, 0] });
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function resample(options: ResampleOptions): Promise<void> {
  const { input, output, outputToInput, interpolation = 'linear', fill = 0, signal } = options;
  const { slope, intercept } = options.scale ?? { slope: 1, intercept: 0 };
  check(input.shape.length === 3, 'input', `${input.shape.length} axes`, '3 axes');
  check(output.shape.length === 3, 'output', `${output.shape.length} axes`, '3 axes');
  const finite = outputToInput.length === 12 && outputToInput.every(Number.isFinite);
  check(finite, 'outputToInput', `[${outputToInput.join(', ')}]`, '12 finite numbers');
  check(
    ['linear', 'nearest'].includes(interpolation),
    'interpolation',
    interpolation,
    'linear or nearest',
  );
  check(Number.isFinite(slope), 'scale.slope', slope, 'a finite number');
  check(Number.isFinite(intercept), 'scale.intercept', intercept, 'a finite number');
  check(typeof fill === 'number', 'fill', fill, 'a number');
  checkApart(input, output);
  await runJob(signal, (job) =>
    native<NativeResample>().resample({
      input: nativeTensor(input),
      output: nativeTensor(output),
      outputToInput: [...outputToInput],
      nearest: interpolation === 'nearest',
      slope,
      intercept,
      fill,
      ...job,
    }),
  );
}
