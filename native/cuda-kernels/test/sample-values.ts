import type { Dtype, Element } from '../lib/dtype.ts';
import { random } from './parity.ts';

const INTEGER_RANGE: Partial<Record<Dtype, readonly [low: bigint, high: bigint]>> = {
  uint8: [0n, 2n ** 8n - 1n],
  int8: [-(2n ** 7n), 2n ** 7n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
};

/**
 * `count` elements of a dtype: its whole range at random, with zeros and both ends among them. Reals
 * spread over the integers' ranges, halves included.
 */
export function sampleValues(dtype: Dtype, count: number): Element[] {
  const chance = random(count + dtype.length);
  const range = INTEGER_RANGE[dtype];
  return Array.from({ length: count }, (_, n) => {
    if (n % 11 === 3) return range === undefined ? 0 : asElement(dtype, 0n);
    if (range === undefined) return Math.round((chance() - 0.5) * 2 ** (2 + (n % 68))) / 2;
    const [low, high] = range;
    if (n % 13 === 5) return asElement(dtype, low);
    if (n % 13 === 6) return asElement(dtype, high);
    return asElement(
      dtype,
      low + (BigInt(Math.floor(chance() * 2 ** 53)) * (high - low)) / 2n ** 53n,
    );
  });
}

/** What reals alone can be. */
export const ODD_REALS: readonly number[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  0.5,
  1.5,
  -0.5,
  -1.5,
  254.5,
  255.5,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  2 ** 64,
  1e300,
  -1e300,
  5e-324,
];

function asElement(dtype: Dtype, value: bigint): Element {
  return dtype === 'uint64' || dtype === 'int64' ? value : Number(value);
}
