import { SextantError } from '#errors';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { spansOverlap } from '../../lib/overlap.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

export interface ArgmaxOptions {
  /** float32 [C, X, Y, Z], 1 to 256 channels, any strides. */
  readonly input: Tensor;
  /** uint8 [X, Y, Z], any strides. Must not share memory with the input. */
  readonly output: Tensor;
  readonly signal?: AbortSignal;
}

interface NativeArgmax {
  argmax(options: { input: NativeTensor; output: NativeTensor } & JobArguments): Promise<void>;
}

/**
 * Writes at each voxel the number of the channel with the highest value: the first of equals, and never
 * one that is NaN (0 where all are).
 *
 * @example
 * await argmax({ input: probabilities, output: labelmap }); // [2, 48, 48, 48] -> [48, 48, 48]
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function argmax({ input, output, signal }: ArgmaxOptions): Promise<void> {
  const check = (ok: boolean, subject: string, tensor: Tensor, expected: string) => {
    const got = `${tensor.dtype} [${tensor.shape.join(', ')}]`;
    if (!ok) throw new SextantError('ARGUMENT_INVALID', { subject, got, expected });
  };
  const [channels = 0, ...voxels] = input.shape;
  const fits = input.dtype === 'float32' && voxels.length === 3;
  check(fits && channels >= 1 && channels <= 256, 'input', input, 'float32 [1 to 256, X, Y, Z]');
  const same = output.shape.length === 3 && output.shape.every((n, axis) => n === voxels[axis]);
  check(output.dtype === 'uint8' && same, 'output', output, `uint8 [${voxels.join(', ')}]`);
  if (spansOverlap(input, output)) {
    throw new SextantError('ARGUMENT_INVALID', {
      subject: 'output',
      got: 'memory of the input',
      expected: 'memory of its own',
    });
  }
  await runJob(signal, (job) =>
    native<NativeArgmax>().argmax({
      input: nativeTensor(input),
      output: nativeTensor(output),
      ...job,
    }),
  );
}
