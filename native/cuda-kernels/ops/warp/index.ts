import { type Border, borderCode } from '../../lib/border.ts';
import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { checkApart } from '../../lib/overlap.ts';
import { elementCount } from '../../lib/strides.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

export interface WarpOptions {
  /** 3 axes, any dtype, any strides. */
  readonly input: Tensor;
  /** 3 axes, any dtype, any strides. Must not share memory with the input or the displacement. */
  readonly output: Tensor;
  /**
   * float32 [3, a, b, c], any strides: how far from its own place an output voxel looks, along the axes 0,
   * 1 and 2, in voxels of the output. The control points span the output: the first on the centre of its
   * first voxel, the last on that of its last one. Of the output's shape, it is one displacement per voxel.
   */
  readonly displacement: Tensor;
  /**
   * Between control points. Cubic: they are the coefficients of a cubic B-spline (free-form deformation),
   * mirrored about the outermost ones; the field is smooth and does not go through them. Default linear.
   */
  readonly spline?: 'linear' | 'cubic';
  /** 12 numbers, row-major 3x4: displaced output index -> input index. Default: the same index. */
  readonly outputToInput?: readonly number[];
  /** Of the input. Default linear. Nearest: halves, to 1e-9 of a voxel, go to the higher index. */
  readonly interpolation?: 'linear' | 'nearest';
  /**
   * Beyond the outer faces, [-0.5, n - 0.5] (to 1e-9 of a voxel); between a face and the outermost centre the
   * voxel there holds, whatever the border. Default constant.
   */
  readonly border?: Border;
  /** The value beyond when `border` is constant, and wherever a position is no number. Default 0. */
  readonly fill?: number;
  readonly signal?: AbortSignal;
}

interface NativeWarp {
  warp(
    options: {
      input: NativeTensor;
      output: NativeTensor;
      displacement: NativeTensor;
      outputToInput: readonly number[];
      nearest: boolean;
      cubic: boolean;
      border: number;
      fill: number;
    } & JobArguments,
  ): Promise<void>;
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/**
 * Resamples a 3D tensor where a displacement field points to: output[o] = input[M (o + d(o))]. What
 * `scipy.ndimage.map_coordinates` gives for those positions and the border of the same name, but for
 * constant: scipy's begins at the outermost centres, this one half a voxel further out, as in resample().
 *
 * Positions are float64; values are interpolated and written as in resample(). The result is the same, bit
 * for bit, on every variant and for any number of threads.
 *
 * @example
 * // An elastic deformation: 7 x 7 x 7 random control points.
 * await warp({ input, output, displacement: points, spline: 'cubic', border: 'reflect' });
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function warp(options: WarpOptions): Promise<void> {
  const { input, output, displacement, spline = 'linear', outputToInput = IDENTITY } = options;
  const { interpolation = 'linear', border = 'constant', fill = 0, signal } = options;
  check(input.shape.length === 3, 'input', `${input.shape.length} axes`, '3 axes');
  check(output.shape.length === 3, 'output', `${output.shape.length} axes`, '3 axes');
  const { dtype, shape } = displacement;
  const points = dtype === 'float32' && shape.length === 4 && shape[0] === 3;
  const got = `${dtype} [${shape.join(', ')}]`;
  check(points && elementCount(shape) > 0, 'displacement', got, 'float32 [3, a, b, c], none 0');
  const finite = outputToInput.length === 12 && outputToInput.every(Number.isFinite);
  check(finite, 'outputToInput', `[${outputToInput.join(', ')}]`, '12 finite numbers');
  check(['linear', 'cubic'].includes(spline), 'spline', spline, 'linear or cubic');
  const isKnown = ['linear', 'nearest'].includes(interpolation);
  check(isKnown, 'interpolation', interpolation, 'linear or nearest');
  check(typeof fill === 'number', 'fill', fill, 'a number');
  checkApart(input, output);
  checkApart(displacement, output);
  const code = borderCode(border);
  await runJob(signal, (job) =>
    native<NativeWarp>().warp({
      input: nativeTensor(input),
      output: nativeTensor(output),
      displacement: nativeTensor(displacement),
      outputToInput: [...outputToInput],
      nearest: interpolation === 'nearest',
      cubic: spline === 'cubic',
      border: code,
      fill,
      ...job,
    }),
  );
}
