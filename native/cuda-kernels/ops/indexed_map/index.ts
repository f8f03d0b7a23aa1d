import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { sameElements, sameShape, spansOverlap } from '../../lib/overlap.ts';
import { elementCount } from '../../lib/strides.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

/** Two words of Philox's key, and the last three of its counter; the first counts the elements. */
export interface RandomStream {
  readonly key: readonly [number, number];
  readonly counter: readonly [number, number, number];
}

/** How many coefficients a bias field has: terms of degree 3 or less in three coordinates. */
export const BIAS_TERMS = 20;

/**
 * What happens to the element x whose number in C order is n.
 * - noise: x + std * normal(n), of mean 0 and deviation 1 by Box and Muller from Philox4x32-10: elements
 *   2m and 2m + 1 share the words of block m
 * - bias: x * exp(sum of coefficients * P_a(x) P_b(y) P_c(z)), Legendre polynomials of the last three
 *   axes, each from -1 to 1; the coefficients are those of a, b, c with a + b + c <= 3, c fastest
 */
export type IndexedMap =
  | { readonly kind: 'noise'; readonly std: number; readonly stream: RandomStream }
  | { readonly kind: 'bias'; readonly coefficients: readonly number[] };

export interface IndexedMapOptions {
  /** Three axes or more, less than 2^33 elements, any dtype and strides. */
  readonly input: Tensor;
  /** float32, the same shape, any strides. May be the input (in place). */
  readonly output: Tensor;
  readonly map: IndexedMap;
  readonly signal?: AbortSignal;
}

interface NativeIndexedMap {
  indexedMap(
    options: {
      input: NativeTensor;
      output: NativeTensor;
      kind: number;
      scale: number;
      key: readonly number[];
      counter: readonly number[];
      terms: readonly number[];
    } & JobArguments,
  ): Promise<void>;
}

/**
 * Applies a map that knows where an element is. The result is the same for any strides and number of
 * threads; between libraries of mathematics it may differ in the last bit of a float32.
 *
 * @example
 * const stream = { key: [7, 0], counter: [3 << 8, item, epoch] } as const;
 * await indexedMap({ input: image, output: image, map: { kind: 'noise', std: 0.1, stream } });
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function indexedMap({ input, output, map, signal }: IndexedMapOptions): Promise<void> {
  const { kind, std, stream, coefficients } = partsOf(map);
  check(output.dtype === 'float32', 'output', output.dtype, 'float32');
  const shape = `the input's shape [${input.shape.join(', ')}]`;
  check(sameShape(input, output), 'output', `shape [${output.shape.join(', ')}]`, shape);
  check(output.shape.length >= 3, 'output', `${output.shape.length} axes`, '3 axes or more');
  const count = elementCount(output.shape);
  check(count < 2 ** 33, 'output', `${count} elements`, 'less than 2^33');
  const apart = sameElements(input, output) || !spansOverlap(input, output);
  check(apart, 'output', 'overlapping memory of the input', 'the input itself, or apart from it');
  await runJob(signal, (job) =>
    native<NativeIndexedMap>().indexedMap({
      input: nativeTensor(input),
      output: nativeTensor(output),
      kind,
      scale: std,
      key: stream.key,
      counter: stream.counter,
      terms: coefficients,
      ...job,
    }),
  );
}

function partsOf(map: IndexedMap) {
  const none = { key: [0, 0], counter: [0, 0, 0] } as const;
  if (map.kind === 'noise') {
    const { std, stream } = map;
    check(Number.isFinite(std) && std >= 0, 'map.std', std, '0 or more');
    for (const word of [...stream.key, ...stream.counter]) {
      check(word >>> 0 === word, 'map.stream', word, 'words of 32 bits');
    }
    return { kind: 0, std, stream, coefficients: new Array<number>(BIAS_TERMS).fill(0) };
  }
  const { coefficients } = map;
  const fits = coefficients.length === BIAS_TERMS && coefficients.every(Number.isFinite);
  check(fits, 'map.coefficients', `[${coefficients.join(', ')}]`, `${BIAS_TERMS} finite numbers`);
  return { kind: 1, std: 0, stream: none, coefficients };
}
