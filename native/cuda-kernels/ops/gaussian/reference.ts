import type { Border } from '../../lib/border.ts';
import type { Element } from '../../lib/dtype.ts';
import { elementCount } from '../../lib/strides.ts';
import { gaussianWeights } from './weights.ts';

export interface ReferenceGaussian {
  readonly shape: readonly number[];
  /** In C order. */
  readonly values: ArrayLike<Element>;
  readonly sigma: readonly number[];
  readonly truncate: number;
  readonly border: Border;
  readonly fill: number;
}

/** The slow twin of gaussian(): every line is written out with what continues it, then summed. */
export function gaussianReference(options: ReferenceGaussian): Float32Array {
  const { shape, sigma, truncate } = options;
  let values: ArrayLike<number> = Array.from(options.values, Number);
  sigma.forEach((deviation, axis) => {
    const weights = gaussianWeights(deviation, truncate);
    if (weights.length > 0) values = smoothAxis(values, shape, axis, weights, options);
  });
  return Float32Array.from(values);
}

function smoothAxis(
  values: ArrayLike<number>,
  shape: readonly number[],
  axis: number,
  weights: readonly number[],
  options: ReferenceGaussian,
): Float32Array {
  const result = new Float32Array(values.length);
  const n = shape[axis] ?? 0;
  const step = elementCount(shape.slice(axis + 1));
  for (let start = 0; start < values.length; start++) {
    if (Math.floor(start / step) % n !== 0) continue;
    const line = Array.from({ length: n }, (_, i) => values[start + i * step] ?? Number.NaN);
    smoothLine(line, weights, options).forEach((value, i) => {
      result[start + i * step] = value;
    });
  }
  return result;
}

function smoothLine(line: number[], weights: readonly number[], options: ReferenceGaussian) {
  const radius = weights.length - 1;
  const before = continued([...line].reverse(), radius, options).reverse();
  const whole = [...before, ...line, ...continued(line, radius, options)];
  return line.map((_, i) => {
    const at = (j: number) => whole[radius + i + j] ?? Number.NaN;
    let sum = at(0) * (weights[0] ?? 0);
    for (let j = radius; j > 0; j--) sum += (at(-j) + at(j)) * (weights[j] ?? 0);
    return sum;
  });
}

/** What follows the line, walking back and forth on it. */
function continued(line: number[], count: number, { border, fill }: ReferenceGaussian): number[] {
  const last = line.length - 1;
  let [at, direction] = [last, 1];
  return Array.from({ length: count }, () => {
    if (border === 'constant') return fill;
    if (border === 'nearest') return line[last] ?? Number.NaN;
    if (at + direction < 0 || at + direction > last) direction = -direction;
    else at += direction;
    return line[at] ?? Number.NaN;
  });
}
