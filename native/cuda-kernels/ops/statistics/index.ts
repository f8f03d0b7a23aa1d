import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

export interface StatisticsOptions {
  /** Any rank, dtype and strides. */
  readonly input: Tensor;
  /** Leave out the elements that are exactly 0. Default false. */
  readonly skipZeros?: boolean;
  readonly signal?: AbortSignal;
}

/** Mean, standard deviation (of the population), minimum and maximum are NaN when count is 0. */
export interface Statistics {
  /** The finite elements; without zeros when they were to be skipped. The figures are of these. */
  readonly count: number;
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  readonly nanCount: number;
  /** Infinities of both signs. */
  readonly infCount: number;
}

interface NativeStatistics {
  statistics(
    options: { input: NativeTensor; skipZeros: boolean } & JobArguments,
  ): Promise<Statistics>;
}

/**
 * Count, mean, population standard deviation, minimum and maximum of the finite elements, in float64.
 * Deviations are summed around each block's own mean, so that a large offset costs no digits; sums of
 * integers of up to 32 bits are exact. The result depends on the shape and the elements alone: the same
 * bits for any strides, number of threads and CPU variant. 64-bit integers beyond 2^53 are rounded to
 * float64 first.
 *
 * @example
 * const { mean, std } = await statistics({ input: image, skipZeros: true });
 * @throws SextantError TENSOR_DISPOSED, CANCELLED
 */
export async function statistics(options: StatisticsOptions): Promise<Statistics> {
  const { input, skipZeros = false, signal } = options;
  return runJob(signal, (job) =>
    native<NativeStatistics>().statistics({ input: nativeTensor(input), skipZeros, ...job }),
  );
}
