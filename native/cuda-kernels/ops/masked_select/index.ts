import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { sameShape } from '../../lib/overlap.ts';
import { nativeTensor, Tensor } from '../../lib/tensor.ts';
import { statistics } from '../statistics/index.ts';

export interface MaskedSelectOptions {
  /** Any rank, dtype and strides. */
  readonly input: Tensor;
  /** uint8, the input's shape, any strides: what is not 0 is selected. Must not change meanwhile. */
  readonly mask: Tensor;
  readonly signal?: AbortSignal | undefined;
}

interface NativeMaskedSelect {
  maskedSelect(
    options: { input: NativeTensor; mask: NativeTensor; output: NativeTensor } & JobArguments,
  ): Promise<number>;
}

/**
 * The elements whose mask is not 0, in C order, as a tensor of one axis: numpy's `input[mask != 0]`. For the
 * statistics and percentiles of a structure. The caller disposes it.
 *
 * @example
 * using liver = await maskedSelect({ input: image, mask });
 * const [low, high] = await percentiles({ input: liver, percents: [1, 99] });
 * @throws SextantError ARGUMENT_INVALID, LIMIT_EXCEEDED, TENSOR_DISPOSED, CANCELLED
 */
export async function maskedSelect({ input, mask, signal }: MaskedSelectOptions): Promise<Tensor> {
  check(mask.dtype === 'uint8', 'mask', mask.dtype, 'uint8');
  const shape = `the input's shape [${input.shape.join(', ')}]`;
  check(sameShape(input, mask), 'mask', `shape [${mask.shape.join(', ')}]`, shape);
  const stop = signal === undefined ? {} : { signal };
  const { count } = await statistics({ input: mask, skipZeros: true, ...stop });
  const output = Tensor.empty(input.dtype, [count]);
  try {
    const found = await runJob(signal, (job) =>
      native<NativeMaskedSelect>().maskedSelect({
        input: nativeTensor(input),
        mask: nativeTensor(mask),
        output: nativeTensor(output),
        ...job,
      }),
    );
    check(found === count, 'mask', 'one that changed meanwhile', 'one that stays as it is');
    return output;
  } catch (error) {
    output.dispose();
    throw error;
  }
}
