import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { elementCount } from '../../lib/strides.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

/**
 * Each distinct rank may need a histogram of its own: this bounds their memory to a few MiB.
 * @internal
 */
export const PERCENTS_LIMIT = 256;

export interface PercentilesOptions {
  /** float32, any rank and strides, at least one element, no NaN. */
  readonly input: Tensor;
  /** In [0, 100], in any order. */
  readonly percents: readonly number[];
  readonly signal?: AbortSignal;
}

interface NativeOrderStatistics {
  percentiles(
    options: { input: NativeTensor; percents: readonly number[] } & JobArguments,
  ): Promise<number[]>;
}

/**
 * The percentiles of a tensor's elements, in the order of `percents`: what numpy.percentile (method
 * 'linear') gives for the elements as float64, to the bit. Between two equal infinities it is that
 * infinity, where numpy says NaN. Exact and in linear time whatever the values: three counting passes.
 *
 * @example
 * const [low = 0, high = 0] = await percentiles({ input: image, percents: [0.5, 99.5] });
 * @throws SextantError ARGUMENT_INVALID (another dtype, no elements, a NaN among them, a percent
 * outside [0, 100], more than 256 of them), TENSOR_DISPOSED, CANCELLED
 */
export async function percentiles({
  input,
  percents,
  signal,
}: PercentilesOptions): Promise<number[]> {
  check(input.dtype === 'float32', 'input', input.dtype, 'float32');
  check(elementCount(input.shape) > 0, 'input', 'no elements', 'one or more');
  check(
    percents.length <= PERCENTS_LIMIT,
    'percents',
    percents.length,
    `at most ${PERCENTS_LIMIT}`,
  );
  percents.forEach((percent, n) => {
    check(percent >= 0 && percent <= 100, `percents[${n}]`, percent, 'a number in [0, 100]');
  });
  return runJob(signal, (job) =>
    native<NativeOrderStatistics>().percentiles({
      input: nativeTensor(input),
      percents: [...percents],
      ...job,
    }),
  );
}
