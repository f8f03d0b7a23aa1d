import { SextantError } from '#errors';
import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { sameElements, sameShape, spansOverlap } from '../../lib/overlap.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

/**
 * What happens to each element x.
 * - scale: x * factor + offset, then clipped to [low, high] when `clip` is given
 * - standardise: (x - mean) / std, or x - mean where std is 0
 * - clip: to [low, high]; NaN stays NaN
 * - threshold: 1 where x >= atLeast, else 0 (NaN: 0)
 * - finite: NaN and -infinity become low, +infinity becomes high
 * - gamma: low + range * ((x - low) / range) ^ exponent, range = high - low; what lies beyond is cut to it
 * - lookup: table[x] for the whole numbers 0 to 255, 0 for all else
 *
 * With `keepZeros`, what is exactly 0 stays 0, whatever else is asked.
 */
export type PointwiseMap =
  | {
      readonly kind: 'scale';
      readonly factor: number;
      readonly offset: number;
      readonly keepZeros?: boolean;
      readonly clip?: readonly [low: number, high: number];
    }
  | {
      readonly kind: 'standardise';
      readonly mean: number;
      readonly std: number;
      readonly keepZeros?: boolean;
    }
  | { readonly kind: 'clip'; readonly low: number; readonly high: number }
  | { readonly kind: 'threshold'; readonly atLeast: number }
  | { readonly kind: 'finite'; readonly low: number; readonly high: number }
  | {
      readonly kind: 'gamma';
      readonly exponent: number;
      readonly low: number;
      readonly high: number;
    }
  /** 256 whole numbers from 0 to 255. */
  | { readonly kind: 'lookup'; readonly table: readonly number[] };

export interface PointwiseOptions {
  /** Any rank, dtype and strides. */
  readonly input: Tensor;
  /** The same shape, any strides: uint8 for threshold and lookup, else float32. May be the input (in place). */
  readonly output: Tensor;
  readonly map: PointwiseMap;
  readonly signal?: AbortSignal;
}

interface NativeMap {
  /** The position in pointwise.hpp's Map. */
  readonly kind: number;
  readonly a: number;
  readonly b: number;
  readonly low: number;
  readonly high: number;
  readonly keepZeros: boolean;
  readonly table?: readonly number[];
}

interface NativePointwise {
  pointwise(
    options: { input: NativeTensor; output: NativeTensor } & NativeMap & JobArguments,
  ): Promise<void>;
}

/**
 * Applies one map to every element. Arithmetic is float64 and rounded once to float32, so that the
 * result is the same, bit for bit, on every variant, and that of numpy in float64. A 64-bit integer
 * beyond 2^53 is rounded to float64 first. For a float32 input, threshold compares with `atLeast` as
 * float32: what prints as 0.7 is at least 0.7.
 *
 * @example
 * const { mean, std } = await statistics({ input: image, skipZeros: true });
 * const map = { kind: 'standardise', mean, std, keepZeros: true } as const;
 * await pointwise({ input: image, output: image, map });
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function pointwise({ input, output, map, signal }: PointwiseOptions): Promise<void> {
  const nativeMap = nativeMapOf(map, input);
  const dtype = map.kind === 'threshold' || map.kind === 'lookup' ? 'uint8' : 'float32';
  check(output.dtype === dtype, 'output', output.dtype, `${dtype} for ${map.kind}`);
  const shape = `the input's shape [${input.shape.join(', ')}]`;
  check(sameShape(input, output), 'output', `shape [${output.shape.join(', ')}]`, shape);
  const apart = sameElements(input, output) || !spansOverlap(input, output);
  check(apart, 'output', 'overlapping memory of the input', 'the input itself, or apart from it');
  await runJob(signal, (job) =>
    native<NativePointwise>().pointwise({
      input: nativeTensor(input),
      output: nativeTensor(output),
      ...nativeMap,
      ...job,
    }),
  );
}

function nativeMapOf(map: PointwiseMap, input: Tensor): NativeMap {
  const unused = { a: 0, b: 0, low: -Infinity, high: Infinity, keepZeros: false };
  switch (map.kind) {
    case 'scale': {
      const {
        factor: a,
        offset: b,
        keepZeros = false,
        clip: [low, high] = [-Infinity, Infinity],
      } = map;
      checkFinite({ factor: a, offset: b });
      checkRange(low, high);
      return { kind: 0, a, b, low, high, keepZeros };
    }
    case 'standardise': {
      const { mean, std, keepZeros = false } = map;
      checkFinite({ mean, std });
      check(std >= 0, 'map.std', std, '0 or more');
      return { ...unused, kind: 1, a: mean, b: std === 0 ? 1 : std, keepZeros };
    }
    case 'clip':
      checkRange(map.low, map.high);
      return { ...unused, kind: 2, low: map.low, high: map.high };
    case 'threshold': {
      const { atLeast } = map;
      check(
        typeof atLeast === 'number' && !Number.isNaN(atLeast),
        'map.atLeast',
        atLeast,
        'a number',
      );
      return { ...unused, kind: 3, a: input.dtype === 'float32' ? Math.fround(atLeast) : atLeast };
    }
    case 'finite':
      checkFinite({ low: map.low, high: map.high });
      return { ...unused, kind: 4, low: map.low, high: map.high };
    case 'gamma': {
      const { exponent, low, high } = map;
      checkFinite({ exponent, low, high });
      check(exponent > 0, 'map.exponent', exponent, 'a number above 0');
      check(high > low, 'map.high', high, `more than low, ${low}`);
      return { ...unused, kind: 5, a: exponent, low, high };
    }
    case 'lookup': {
      const { table } = map;
      const isByte = (n: number) => Number.isInteger(n) && n >= 0 && n <= 255;
      const fits = table.length === 256 && table.every(isByte);
      check(fits, 'map.table', `${table.length} numbers`, '256 whole numbers from 0 to 255');
      return { ...unused, kind: 6, table: [...table] };
    }
    default: {
      const { kind } = map as { kind: unknown };
      const known = 'scale, standardise, clip, threshold, finite, gamma or lookup';
      throw new SextantError('ARGUMENT_INVALID', {
        subject: 'map.kind',
        got: String(kind),
        expected: known,
      });
    }
  }
}

function checkFinite(numbers: Record<string, number>): void {
  for (const [name, value] of Object.entries(numbers)) {
    check(Number.isFinite(value), `map.${name}`, value, 'a finite number');
  }
}

function checkRange(low: number, high: number): void {
  check(low <= high, 'map', `[${low}, ${high}]`, 'a range whose low is at most its high');
}
