import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { checkApart } from '../../lib/overlap.ts';
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
  const [channels = 0, ...voxels] = input.shape;
  const fits = input.dtype === 'float32' && voxels.length === 3;
  check(
    fits && channels >= 1 && channels <= 256,
    'input',
    described(input),
    'float32 [1 to 256, X, Y, Z]',
  );
  const same = output.shape.length === 3 && output.shape.every((n, axis) => n === voxels[axis]);
  const expected = `uint8 [${voxels.join(', ')}]`;
  check(output.dtype === 'uint8' && same, 'output', described(output), expected);
  checkApart(input, output);
  await runJob(signal, (job) =>
    native<NativeArgmax>().argmax({
      input: nativeTensor(input),
      output: nativeTensor(output),
      ...job,
    }),
  );
}

function described({ dtype, shape }: Tensor): string {
  return `${dtype} [${shape.join(', ')}]`;
}
