import { SextantError } from '#errors';
import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

/**
 * A click is six points; an outline drawn by hand may be hundreds.
 * @internal
 */
export const EXTREME_POINTS_LIMIT = 4096;

/** An index on the output's three axes; whole numbers are voxel centres. */
export type Point = readonly [number, number, number];

export type ExtremePointsKernel = 'max' | 'monai';

export interface ExtremePointsOptions {
  /** One or more, in voxels of the output's grid; they may lie outside it. */
  readonly points: readonly Point[];
  /** In voxels of the output's grid. */
  readonly sigma: number;
  /** 3 axes, float32, any strides: for example one channel of a network's input. */
  readonly output: Tensor;
  /** Default max. */
  readonly kernel?: ExtremePointsKernel;
  readonly signal?: AbortSignal;
}

interface NativeExtremePoints {
  extremePoints(
    options: {
      points: Float64Array;
      sigma: number;
      monai: boolean;
      output: NativeTensor;
    } & JobArguments,
  ): Promise<void>;
}

/**
 * Writes the channel that tells a network where the extreme points are.
 *
 * - max: the maximum over the points of exp(-d²/(2 sigma²)), d in voxels from the point as given,
 *   fractions included; in [0, 1] and within 1e-6 of that definition.
 * - monai: as MONAI's AddExtremePointsChannel: points rounded to voxels (halves to even) and clamped
 *   into the grid, each once, the sum of their erf kernels cut at trunc(4 sigma + 0.5) voxels with
 *   zeros outside, then rescaled from [min, max] to [-1, 1].
 *
 * @example
 * const channel = networkInput.select(0, 0).select(0, 1); // [1, 2, 48, 48, 48]: channel 1
 * await extremePoints({ points, sigma: 3, output: channel });
 * @throws SextantError ARGUMENT_INVALID, POINTS_TOO_FEW, POINTS_TOO_MANY, POINT_NOT_FINITE,
 * TENSOR_DISPOSED, CANCELLED
 */
export async function extremePoints(options: ExtremePointsOptions): Promise<void> {
  const { points, sigma, output, kernel = 'max', signal } = options;
  checkPoints(points);
  check(sigma > 0 && Number.isFinite(sigma), 'sigma', sigma, 'a number above 0');
  check(output.shape.length === 3, 'output', `${output.shape.length} axes`, '3 axes');
  check(output.dtype === 'float32', 'output', output.dtype, 'float32');
  check(kernel === 'max' || kernel === 'monai', 'kernel', kernel, 'max or monai');
  await runJob(signal, (job) =>
    native<NativeExtremePoints>().extremePoints({
      points: Float64Array.from(points.flat()),
      sigma,
      monai: kernel === 'monai',
      output: nativeTensor(output),
      ...job,
    }),
  );
}

function checkPoints(points: readonly Point[]): void {
  const count = { subject: 'points', got: `${points.length} points` };
  if (points.length === 0) {
    throw new SextantError('POINTS_TOO_FEW', { ...count, expected: '1 or more' });
  }
  if (points.length > EXTREME_POINTS_LIMIT) {
    const expected = `at most ${EXTREME_POINTS_LIMIT}`;
    throw new SextantError('POINTS_TOO_MANY', { ...count, expected });
  }
  points.forEach((point, n) => {
    if (point.length === 3 && point.every(Number.isFinite)) return;
    throw new SextantError('POINT_NOT_FINITE', {
      subject: `points[${n}]`,
      got: `[${point.join(', ')}]`,
      expected: 'three finite numbers',
    });
  });
}
