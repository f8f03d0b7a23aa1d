import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { checkApart, sameShape } from '../../lib/overlap.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

export interface SoftmaxOptions {
  /** float32 [C, X, Y, Z], any strides. */
  readonly input: Tensor;
  /** float32 of the same shape, any strides. Must not share memory with the input. */
  readonly output: Tensor;
  readonly signal?: AbortSignal;
}

interface NativeSoftmax {
  softmax(options: { input: NativeTensor; output: NativeTensor } & JobArguments): Promise<void>;
}

/**
 * Turns a network's scores into probabilities: exp(x) over the sum of all channels' exp(x) at each voxel, computed
 * from the differences to the highest, so that nothing overflows. A voxel with NaN, with +infinity, or with
 * nothing but -infinity is NaN in all its channels.
 *
 * @example
 * await softmax({ input: scores, output: probabilities }); // [2, 48, 48, 48], both
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function softmax({ input, output, signal }: SoftmaxOptions): Promise<void> {
  const [channels = 0] = input.shape;
  const fits = input.dtype === 'float32' && input.shape.length === 4 && channels >= 1;
  check(fits, 'input', described(input), 'float32 [1 or more, X, Y, Z]');
  const same = output.dtype === 'float32' && sameShape(input, output);
  check(same, 'output', described(output), `float32 [${input.shape.join(', ')}]`);
  checkApart(input, output);
  await runJob(signal, (job) =>
    native<NativeSoftmax>().softmax({
      input: nativeTensor(input),
      output: nativeTensor(output),
      ...job,
    }),
  );
}

function described({ dtype, shape }: Tensor): string {
  return `${dtype} [${shape.join(', ')}]`;
}
