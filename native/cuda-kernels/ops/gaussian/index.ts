import { type Border, borderCode } from '../../lib/border.ts';
import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { checkApart, sameShape } from '../../lib/overlap.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';
import { gaussianRadius, gaussianWeights } from './weights.ts';

/**
 * A kernel is made on the thread of JavaScript, and every thread has room for 32 lines with it at both
 * ends: 32 MiB at this radius, which is beyond any image's extent.
 * @internal
 */
const MAX_RADIUS = 65_536;

export interface GaussianOptions {
  /** 1 to 8 axes, any dtype, any strides. */
  readonly input: Tensor;
  /** float32 of the input's shape, any strides. Must not share memory with the input. */
  readonly output: Tensor;
  /** The standard deviation along each axis, in voxels; 0 leaves the axis alone (channels). */
  readonly sigma: readonly number[];
  /** The kernel ends this many standard deviations from its centre. Default 4. */
  readonly truncate?: number;
  /** What lies beyond the ends. Default reflect. */
  readonly border?: Border;
  /** Beyond the ends when `border` is constant. Default 0. */
  readonly fill?: number;
  readonly signal?: AbortSignal;
}

interface NativeGaussian {
  gaussian(
    options: {
      input: NativeTensor;
      output: NativeTensor;
      border: number;
      fill: number;
      counts: readonly number[];
      weights: Float64Array;
    } & JobArguments,
  ): Promise<void>;
}

/**
 * Smooths with a Gaussian, one axis after the other, each in float64 and rounded to float32: what
 * `scipy.ndimage.gaussian_filter(input, sigma, output=float32)` gives. NaN and infinities spread over the
 * kernel. The result is the same, bit for bit, on every variant and for any number of threads.
 *
 * @example
 * // [C, X, Y, Z]: each channel by itself, 1.5 voxels along X and Y and 0.8 along Z.
 * await gaussian({ input, output, sigma: [0, 1.5, 1.5, 0.8] });
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function gaussian(options: GaussianOptions): Promise<void> {
  const { input, output, sigma, truncate = 4, border = 'reflect', fill = 0, signal } = options;
  const { shape } = input;
  check(shape.length > 0, 'input', 'no axes', '1 to 8 axes');
  const fits = output.dtype === 'float32' && sameShape(input, output);
  const got = `${output.dtype} [${output.shape.join(', ')}]`;
  check(fits, 'output', got, `float32 [${shape.join(', ')}]`);
  checkApart(input, output);
  check(sigma.length === shape.length, 'sigma', `${sigma.length} numbers`, 'one for each axis');
  check(truncate > 0 && Number.isFinite(truncate), 'truncate', truncate, 'a number above 0');
  for (const deviation of sigma) {
    const isOne = deviation >= 0 && gaussianRadius(deviation, truncate) <= MAX_RADIUS;
    check(isOne, 'sigma', deviation, `0 or more, a radius of at most ${MAX_RADIUS} voxels`);
  }
  const code = borderCode(border);
  check(typeof fill === 'number', 'fill', fill, 'a number');
  const weights = sigma.map((deviation) => gaussianWeights(deviation, truncate));
  await runJob(signal, (job) =>
    native<NativeGaussian>().gaussian({
      input: nativeTensor(input),
      output: nativeTensor(output),
      border: code,
      fill,
      counts: weights.map(({ length }) => length),
      weights: Float64Array.from(weights.flat()),
      ...job,
    }),
  );
}
