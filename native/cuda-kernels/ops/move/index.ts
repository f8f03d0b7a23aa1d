import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { checkApart, sameShape } from '../../lib/overlap.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

export interface MoveOptions {
  /** Any rank, dtype and strides. */
  readonly input: Tensor;
  /** The same shape, any dtype and strides. Must not share memory with the input. */
  readonly output: Tensor;
  readonly signal?: AbortSignal;
}

interface NativeMove {
  move(options: { input: NativeTensor; output: NativeTensor } & JobArguments): Promise<void>;
}

/**
 * Copies a view's elements to another view of its shape, from any strides to any strides: crops, flips
 * and transposes are views, and this makes them real. Elements are converted to the output's dtype:
 * integers saturate, reals become integers by rounding half to even, NaN becomes the integer 0, and a
 * float64 beyond float32 becomes infinite.
 *
 * @example
 * const networkOrder = Tensor.empty('float32', file.shape);
 * await move({ input: file, output: networkOrder }); // F order, int16 -> C order, float32
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function move({ input, output, signal }: MoveOptions): Promise<void> {
  const expected = `the input's shape [${input.shape.join(', ')}]`;
  check(sameShape(input, output), 'output', `shape [${output.shape.join(', ')}]`, expected);
  checkApart(input, output);
  await runJob(signal, (job) =>
    native<NativeMove>().move({
      input: nativeTensor(input),
      output: nativeTensor(output),
      ...job,
    }),
  );
}
