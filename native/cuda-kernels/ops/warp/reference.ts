import type { Border } from '../../lib/border.ts';
import { DTYPES, type Dtype, type Element, isBigDtype, type TypedArray } from '../../lib/dtype.ts';
import { resampleReference } from '../resample/reference.ts';

type Triple = readonly [number, number, number];

export interface ReferenceWarp {
  readonly input: {
    readonly dtype: Dtype;
    readonly shape: Triple;
    readonly values: ArrayLike<Element>;
  };
  readonly shape: Triple;
  readonly dtype: Dtype;
  /** [3, a, b, c] in C order. */
  readonly displacement: { readonly points: Triple; readonly values: ArrayLike<number> };
  readonly spline: 'linear' | 'cubic';
  readonly outputToInput: readonly number[];
  readonly interpolation: 'linear' | 'nearest';
  readonly border: Border;
  readonly fill: number;
}

/** The slow twin of warp(): finds each voxel's position and resamples one voxel there. */
export function warpReference(options: ReferenceWarp): TypedArray {
  const { shape, dtype, input } = options;
  const [ni, nj, nk] = shape;
  const { array, bytes } = DTYPES[dtype];
  const output = array(new ArrayBuffer(ni * nj * nk * bytes), 0, ni * nj * nk);
  for (let i = 0, n = 0; i < ni; i++) {
    for (let j = 0; j < nj; j++) {
      for (let k = 0; k < nk; k++, n++) {
        const at = positionOf(options, [i, j, k]).map((p, axis) =>
          insideOf(p, input.shape[axis] ?? 0, options.border),
        );
        const sampled =
          at.includes(undefined) || input.shape.includes(0)
            ? filled(options)
            : sample(options, at as number[]);
        output[n] = (isBigDtype(dtype) ? BigInt(sampled) : sampled) as never;
      }
    }
  }
  return output;
}

/** A map that takes the one voxel of the output to a position. */
const toPosition = ([a = 0, b = 0, c = 0]: readonly number[]) => [
  0,
  0,
  0,
  a,
  0,
  0,
  0,
  b,
  0,
  0,
  0,
  c,
];

function sample(options: ReferenceWarp, at: readonly number[]): Element {
  const { input, interpolation, fill, dtype } = options;
  const scale = { slope: 1, intercept: 0 };
  const one = { input, shape: [1, 1, 1] as const, outputToInput: toPosition(at) };
  return resampleReference({ ...one, interpolation, scale, fill, dtype })[0] ?? Number.NaN;
}

/** The fill, as the output's type has it. */
const filled = (options: ReferenceWarp): Element => sample(options, [-1e9, -1e9, -1e9]);

function positionOf(options: ReferenceWarp, o: Triple): number[] {
  const displaced = o.map((index, c) => index + displacementAt(options, c, o));
  return [0, 1, 2].map((axis) => {
    const row = options.outputToInput.slice(4 * axis, 4 * axis + 4);
    const terms = row.map((factor, n) => factor * (displaced[n] ?? 1));
    return terms.reduce((sum, term) => sum + term);
  });
}

/** The sum over the control points in reach, axis 0 innermost. */
function displacementAt(options: ReferenceWarp, component: number, o: Triple): number {
  const { displacement, shape, spline } = options;
  const { points, values } = displacement;
  const [i, j, k] = o.map((index, axis) => {
    const [n, count] = [shape[axis] ?? 1, points[axis] ?? 1];
    return basis(n > 1 ? (index * (count - 1)) / (n - 1) : 0, count, spline);
  });
  const sum = (terms: Term[] | undefined, value: (point: number) => number) =>
    (terms ?? []).reduce((total, { point, weight }) => total + weight * value(point), 0);
  const at = (a: number, b: number, c: number) =>
    values[((component * points[0] + a) * points[1] + b) * points[2] + c] ?? Number.NaN;
  return sum(k, (c) => sum(j, (b) => sum(i, (a) => at(a, b, c))));
}

interface Term {
  readonly point: number;
  readonly weight: number;
}

/** Every basis function, mirrored points included, that is not 0 around a position. */
function basis(at: number, count: number, spline: 'linear' | 'cubic'): Term[] {
  const low = Math.floor(at);
  if (spline === 'linear') {
    const weight = at - low;
    const first = { point: low, weight: 1 - weight };
    return weight > 0 ? [first, { point: low + 1, weight }] : [first];
  }
  return [-1, 0, 1, 2].map((step) => {
    const t = Math.abs(at - (low + step));
    const outer = 2 - t;
    const weight = t < 1 ? (4 - 6 * (t * t) + 3 * (t * t * t)) / 6 : (outer * outer * outer) / 6;
    return { point: mirrored(low + step, count), weight };
  });
}

function mirrored(point: number, count: number): number {
  if (count === 1) return 0;
  if (point < 0) return mirrored(-point, count);
  return point < count ? point : mirrored(2 * (count - 1) - point, count);
}

/** Where the border of that kind puts a position, or undefined for the fill. */
function insideOf(at: number, n: number, border: Border): number | undefined {
  if (!Number.isFinite(at)) return undefined;
  // The fill of resample() begins where this one does.
  if (border === 'constant') return at;
  let inside = at;
  if (border === 'reflect' && (at < -0.5 || at > n - 0.5)) {
    const turn = (((at + 0.5) % (2 * n)) + 2 * n) % (2 * n);
    inside = (turn > n ? 2 * n - turn : turn) - 0.5;
  }
  return Math.min(Math.max(inside, 0), n - 1);
}
