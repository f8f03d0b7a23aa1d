import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

export interface RunLengthsOptions {
  /** uint8, 3 axes: the voxels of a box of the grid, axes as the grid's, any strides. */
  readonly mask: Tensor;
  /** The box's first voxel in the grid. */
  readonly boxLow: readonly [number, number, number];
  /** Of the whole grid, at most 2^53 voxels; outside the box everything is 0. */
  readonly shape: readonly [number, number, number];
  readonly signal?: AbortSignal;
}

interface NativeRunLengths {
  runLengths(
    options: {
      mask: NativeTensor;
      boxLow: readonly number[];
      shape: readonly number[];
    } & JobArguments,
  ): Promise<Uint32Array>;
}

/**
 * The whole grid as (value, length) pairs, first axis fastest; the lengths add up to the grid's voxels.
 * Runs go on across rows and slices: neighbours differ in value, except where a run longer than 2^32 - 1
 * had to be split. The cost is that of the box, not of the grid.
 *
 * @example
 * // One voxel of value 1 at (1, 0, 0) of a 3x1x1 grid: [0, 1, 1, 1, 0, 1]
 * await runLengths({ mask, boxLow: [1, 0, 0], shape: [3, 1, 1] });
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function runLengths(options: RunLengthsOptions): Promise<Uint32Array> {
  const { mask, boxLow, shape, signal } = options;
  const got = `${mask.dtype} [${mask.shape.join(', ')}]`;
  check(mask.dtype === 'uint8' && mask.shape.length === 3, 'mask', got, 'uint8, 3 axes');
  const isGrid = shape.length === 3 && shape.every((n) => Number.isSafeInteger(n) && n >= 0);
  const voxels = shape.reduce((product, n) => product * n, 1);
  check(
    isGrid && voxels <= Number.MAX_SAFE_INTEGER,
    'shape',
    `[${shape.join(', ')}]`,
    '3 whole numbers, at most 2^53 voxels',
  );
  const isInside = boxLow.every((low, axis) => {
    const high = low + (mask.shape[axis] ?? 0);
    return Number.isInteger(low) && low >= 0 && high <= (shape[axis] ?? 0);
  });
  check(
    boxLow.length === 3 && isInside,
    'boxLow',
    `[${boxLow.join(', ')}] for a box of [${mask.shape.join(', ')}]`,
    `a box inside the grid of [${shape.join(', ')}]`,
  );
  return runJob(signal, (job) =>
    native<NativeRunLengths>().runLengths({
      mask: nativeTensor(mask),
      boxLow: [...boxLow],
      shape: [...shape],
      ...job,
    }),
  );
}
