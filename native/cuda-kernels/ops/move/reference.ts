import type { Dtype } from '../../index.ts';

const INTEGER_BITS: Partial<Record<Dtype, readonly [signed: boolean, bits: number]>> = {
  uint8: [false, 8],
  int8: [true, 8],
  uint16: [false, 16],
  int16: [true, 16],
  uint32: [false, 32],
  int32: [true, 32],
  uint64: [false, 64],
  int64: [true, 64],
};

/**
 * The slow twin: one value as the output type holds it. Integers come and go as exact bigints, so
 * that a 64-bit value passes through no float.
 */
export function referenceConvert(value: number | bigint, to: Dtype): number | bigint {
  const integer = INTEGER_BITS[to];
  if (integer === undefined) {
    const real = Number(value);
    return to === 'float32' ? Math.fround(real) : real;
  }
  const [signed, bits] = integer;
  const low = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const high = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    if (Number.isNaN(value)) return 0n;
    return value < 0 ? low : high;
  }
  const whole = typeof value === 'bigint' ? value : BigInt(roundHalfToEven(value));
  if (whole < low) return low;
  return whole > high ? high : whole;
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
