import { DTYPES, type Dtype, type Element, isBigDtype, type TypedArray } from '../../lib/dtype.ts';
import { referenceConvert } from '../move/reference.ts';

/** A 3D array as the reference sees it: values in C order of the shape. */
export interface Field {
  readonly dtype: Dtype;
  readonly shape: readonly [number, number, number];
  readonly values: ArrayLike<Element>;
}

export interface ReferenceOptions {
  readonly input: Field;
  readonly shape: readonly [number, number, number];
  readonly outputToInput: readonly number[];
  readonly interpolation: 'linear' | 'nearest';
  readonly scale: { readonly slope: number; readonly intercept: number };
  readonly fill: number;
  /** Of the output; float32 unless told. */
  readonly dtype?: Dtype;
}

interface AxisSample {
  readonly low: number;
  readonly high: number;
  readonly weight: number;
  readonly inside: boolean;
}

const NARROW: readonly Dtype[] = ['uint8', 'int8', 'uint16', 'int16', 'float32'];

/** The slow twin of resample(): the output in C order. Every rounding of the C++ stands here too. */
export function resampleReference(options: ReferenceOptions): TypedArray {
  const [ni, nj, nk] = options.shape;
  const { dtype = 'float32' } = options;
  const { array, bytes } = DTYPES[dtype];
  const output = array(new ArrayBuffer(ni * nj * nk * bytes), 0, ni * nj * nk);
  for (let i = 0, n = 0; i < ni; i++) {
    for (let j = 0; j < nj; j++) {
      for (let k = 0; k < nk; k++, n++) {
        const value = referenceConvert(element(options, i, j, k), dtype);
        output[n] = isBigDtype(dtype) ? BigInt(value) : Number(value);
      }
    }
  }
  return output;
}

function element(options: ReferenceOptions, i: number, j: number, k: number): Element {
  const { input, outputToInput: map, interpolation, scale, fill } = options;
  const round = NARROW.includes(input.dtype) ? Math.fround : (value: number) => value;
  if (input.shape.includes(0)) return fill;
  const samples = input.shape.map((extent, axis) => {
    const [a = 0, b = 0, c = 0, d = 0] = map.slice(4 * axis, 4 * axis + 4);
    return sample(a * i + b * j + c * k + d, extent, interpolation, round);
  });
  if (!samples.every(({ inside }) => inside)) return fill;

  if (interpolation === 'nearest' && scale.slope === 1 && scale.intercept === 0) {
    if (input.dtype === options.dtype) {
      const [a, b, c] = samples.map(({ low }) => low);
      return exactAt(input, [a ?? 0, b ?? 0, c ?? 0]);
    }
  }
  const mix = (low: number, high: number, weight: number) =>
    low === high ? low : round(low + round(round(high - low) * weight));
  // Axis 2 is mixed first, so the recursion meets axis 0 first.
  const value = along(0, []);
  const { slope, intercept } = scale;
  return slope === 1 && intercept === 0 ? value : value * slope + intercept;

  function along(axis: number, index: readonly number[]): number {
    if (axis === 3) return valueAt(input, index, round);
    const { low, high, weight } = samples[axis] as AxisSample;
    return mix(along(axis + 1, [...index, low]), along(axis + 1, [...index, high]), weight);
  }
}

/** Positions are sums of rounded products: a face or a half is one within this. */
const ROUNDING = 1e-9;

function sample(
  at: number,
  extent: number,
  interpolation: 'linear' | 'nearest',
  round: (value: number) => number,
): AxisSample {
  const last = extent - 1;
  const inside = at >= -0.5 - ROUNDING && at <= last + 0.5 + ROUNDING;
  const clamped = Math.min(Math.max(at, 0), last);
  if (interpolation === 'nearest') {
    const index = Math.min(Math.floor(clamped + (0.5 + ROUNDING)), last);
    return { low: index, high: index, weight: 0, inside };
  }
  const low = Math.floor(clamped);
  const weight = round(clamped - low);
  return { low, high: weight > 0 ? low + 1 : low, weight, inside };
}

function valueAt(field: Field, index: readonly number[], round: (value: number) => number): number {
  return round(Number(exactAt(field, index)));
}

function exactAt({ shape, values }: Field, [i = 0, j = 0, k = 0]: readonly number[]): Element {
  return values[(i * shape[1] + j) * shape[2] + k] ?? Number.NaN;
}
