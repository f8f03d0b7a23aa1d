import { DTYPE_NAMES, type Dtype } from '../../lib/dtype.ts';
import { Tensor } from '../../lib/tensor.ts';
import { type ParityCase, type ParityCases, random } from '../../test/parity.ts';
import { type ResampleOptions, resample } from './index.ts';
import { type Field, resampleReference } from './reference.ts';

type Shape = readonly [number, number, number];
type View = (tensor: Tensor) => Tensor;

interface Sketch {
  readonly name: string;
  readonly dtype?: Dtype;
  /** Of the output; float32 unless told. */
  readonly into?: Dtype;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly map: readonly number[];
  readonly values?: (n: number) => number;
  /** The views that go to the operation; inputShape and outputShape are of what they are views of. */
  readonly inputView?: View;
  readonly outputView?: View;
  readonly interpolation?: 'linear' | 'nearest';
  readonly scale?: { slope: number; intercept: number };
  readonly fill?: number;
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
const OBLIQUE = [0.9, 0.2, -0.1, -1.3, -0.2, 0.8, 0.15, 2.1, 0.05, -0.1, 1.1, 0.4];
const same: View = (tensor) => tensor;

/** Centres to centres: i = (o + 0.5) * n / n' - 0.5, output axis a onto input axis order[a]. */
function zoom(from: Shape, to: Shape, order: Shape = [0, 1, 2]): number[] {
  const map = new Array<number>(12).fill(0);
  order.forEach((inputAxis, outputAxis) => {
    const ratio = (from[inputAxis] ?? 1) / (to[outputAxis] ?? 1);
    map[4 * inputAxis + outputAxis] = ratio;
    map[4 * inputAxis + 3] = 0.5 * ratio - 0.5;
  });
  return map;
}

function parityCase(sketch: Sketch): ParityCase {
  const { name, dtype = 'float32', into = 'float32', inputShape, outputShape, map } = sketch;
  const { interpolation = 'linear', scale = { slope: 1, intercept: 0 }, fill = 0 } = sketch;
  const { inputView = same, outputView = same } = sketch;
  const chance = random(7);
  const values = sketch.values ?? (() => Math.floor(chance() * 120));
  const count = inputShape[0] * inputShape[1] * inputShape[2];
  const data = Array.from({ length: count }, (_, n) => values(n));
  const makeInput = () => inputView(Tensor.fromArray(dtype, inputShape, data));
  return {
    name,
    reference: () => {
      using input = makeInput();
      const field: Field = { dtype, shape: input.shape as Shape, values: input.toArray() };
      const shape = outputView(Tensor.empty(into, outputShape)).shape as Shape;
      const options = { input: field, shape, outputToInput: map, interpolation, scale, fill };
      return { output: resampleReference({ ...options, dtype: into }), written: 0 };
    },
    run: async () => {
      using input = makeInput();
      using whole = Tensor.empty(into, outputShape);
      using output = outputView(whole);
      const options: ResampleOptions = { input, output, outputToInput: map };
      await resample({ ...options, interpolation, scale, fill });
      // The whole too: nothing is written beside the view.
      return { output: output.toArray(), written: written(whole, output) };
    },
  };
}

/** How many elements outside the view are no longer 0. */
function written(whole: Tensor, view: Tensor): number {
  const nonZero = (tensor: Tensor) =>
    Array.from(tensor.toArray(), Number).filter((value) => value !== 0).length;
  return nonZero(whole) - nonZero(view);
}

const shapes: readonly Sketch[] = [
  { name: 'empty input', inputShape: [0, 3, 4], outputShape: [2, 2, 2], map: IDENTITY, fill: 5 },
  { name: 'empty output', inputShape: [3, 3, 3], outputShape: [2, 0, 2], map: IDENTITY },
  {
    name: 'one voxel in',
    inputShape: [1, 1, 1],
    outputShape: [3, 2, 3],
    map: zoom([1, 1, 1], [3, 2, 3]),
  },
  {
    name: 'one voxel out',
    inputShape: [5, 6, 7],
    outputShape: [1, 1, 1],
    map: zoom([5, 6, 7], [1, 1, 1]),
  },
  ...[31, 32, 33].flatMap((n): Sketch[] => [
    {
      name: `${n} along C`,
      inputShape: [3, 4, n],
      outputShape: [2, 3, n],
      map: zoom([3, 4, n], [2, 3, n]),
    },
    {
      name: `zoom from ${n}`,
      inputShape: [n, 3, 17],
      outputShape: [40, 5, n],
      map: zoom([n, 3, 17], [40, 5, n]),
    },
  ]),
  { name: 'identity', inputShape: [4, 5, 6], outputShape: [4, 5, 6], map: IDENTITY },
  {
    name: 'several blocks',
    inputShape: [20, 21, 22],
    outputShape: [37, 33, 35],
    map: zoom([20, 21, 22], [37, 33, 35]),
  },
  {
    name: 'across the memory of the output, several panels',
    inputShape: [20, 21, 22],
    outputShape: [35, 33, 37],
    map: zoom([20, 21, 22], [37, 33, 35]),
    outputView: (t) => t.permute([2, 1, 0]),
  },
  {
    name: 'oblique, several blocks',
    inputShape: [20, 21, 22],
    outputShape: [23, 25, 27],
    map: OBLIQUE,
    fill: -7,
  },
];

const maps: readonly Sketch[] = [
  {
    name: 'axes permuted',
    inputShape: [5, 6, 7],
    outputShape: [9, 8, 11],
    map: zoom([5, 6, 7], [9, 8, 11], [2, 0, 1]),
  },
  {
    name: 'mirrored',
    inputShape: [5, 6, 7],
    outputShape: [5, 6, 7],
    map: [-1, 0, 0, 4, 0, -1, 0, 5, 0, 0, -1, 6],
  },
  {
    name: 'an input axis that stands still',
    inputShape: [5, 6, 7],
    outputShape: [5, 6, 7],
    map: [0, 0, 0, 2.25, 0, 1, 0, 0, 0, 0, 1, 0],
  },
  {
    name: 'two input axes follow one',
    inputShape: [6, 6, 6],
    outputShape: [5, 5, 5],
    map: [1, 0, 0, 0.3, 1, 0, 0, 0.1, 0, 0, 1, 0.2],
  },
  {
    name: 'a moved field: faces, border and fill',
    inputShape: [4, 4, 4],
    outputShape: [40, 6, 6],
    map: [0.25, 0, 0, -2, 0, 1, 0, -0.5, 0, 0, 1, -0.75],
    fill: 9,
  },
  {
    name: 'oblique across the faces',
    inputShape: [6, 6, 6],
    outputShape: [9, 9, 9],
    map: OBLIQUE,
    fill: Number.NaN,
  },
  {
    name: 'far outside',
    inputShape: [4, 4, 4],
    outputShape: [3, 3, 3],
    map: [1, 0, 0, 1e18, 0, 1, 0, -1e18, 0, 0, 1, 1e300],
    fill: 2,
  },
];

const views: readonly Sketch[] = [zoom([6, 7, 8], [9, 10, 11]), OBLIQUE].flatMap(
  (map, n): Sketch[] => {
    const shared = { inputShape: [6, 7, 8] as const, outputShape: [9, 10, 11] as const, map };
    const kind = n === 0 ? 'aligned' : 'oblique';
    return [
      { ...shared, name: `${kind}: flipped input`, inputView: (t) => t.flip([0, 2]) },
      { ...shared, name: `${kind}: permuted input`, inputView: (t) => t.permute([2, 0, 1]) },
      {
        ...shared,
        name: `${kind}: strided input`,
        inputView: (t) => t.slice(0, 1, 5).slice(2, 2, 7),
      },
      { ...shared, name: `${kind}: flipped output`, outputView: (t) => t.flip([1, 2]) },
      { ...shared, name: `${kind}: F output`, outputView: (t) => t.permute([2, 1, 0]) },
      {
        ...shared,
        name: `${kind}: middle output axis fastest`,
        outputView: (t) => t.permute([0, 2, 1]),
      },
      {
        ...shared,
        name: `${kind}: output inside a larger one`,
        outputView: (t) => t.slice(1, 2, 8).slice(2, 3, 9),
        fill: 3,
      },
    ];
  },
);

const types: readonly Sketch[] = DTYPE_NAMES.flatMap((dtype): Sketch[] => {
  const shared = { dtype, inputShape: [5, 6, 7] as const, outputShape: [8, 9, 10] as const };
  const map = zoom(shared.inputShape, shared.outputShape);
  const wide = dtype.endsWith('64') || dtype.endsWith('32');
  const values = wide ? (n: number) => (n * 7919) % 100003 : (n: number) => (n * 31) % 127;
  return [
    { ...shared, name: `${dtype}: linear`, map, values },
    { ...shared, name: `${dtype}: oblique`, map: OBLIQUE, values, fill: 4 },
    { ...shared, name: `${dtype}: nearest`, map, values, interpolation: 'nearest' },
    { ...shared, name: `${dtype}: scaled`, map, values, scale: { slope: 0.3, intercept: -1024 } },
  ];
});

/** Every output type, from its own type, from reals that it cannot hold, and by the nearest voxel. */
const outputs: readonly Sketch[] = DTYPE_NAMES.flatMap((into): Sketch[] => {
  const shared = { into, inputShape: [5, 6, 7] as const, outputShape: [8, 9, 10] as const };
  const map = zoom(shared.inputShape, shared.outputShape);
  const far = [Number.NaN, 1e30, -1e30, -0.5, 0.5, 1.5, 2.5, 300, -300, 7e4, -7e4, 5e9, -5e9];
  const values = (n: number) => (n * 31) % 127;
  const odd = (n: number) => far[n % far.length] ?? 0;
  const nearest = { map, interpolation: 'nearest' } as const;
  const turned: View = (t) => t.permute([2, 1, 0]);
  return [
    { ...shared, name: `to ${into}: linear`, dtype: into, map, values },
    { ...shared, name: `to ${into}: across`, dtype: into, map, values, outputView: turned },
    { ...shared, name: `to ${into}: oblique`, dtype: into, map: OBLIQUE, values, fill: 1e30 },
    {
      ...shared,
      name: `to ${into}: what it cannot hold`,
      dtype: 'float64',
      ...nearest,
      values: odd,
    },
    { ...shared, name: `to ${into}: labels`, dtype: into, ...nearest, values },
    { ...shared, name: `to ${into}: scaled`, map, values, scale: { slope: 0.3, intercept: -7 } },
  ];
});

const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, 2, -0, 3, 4, 5];
const nan: readonly Sketch[] = (['float32', 'float64'] as const).flatMap((dtype): Sketch[] => [
  {
    name: `${dtype}: NaN and infinities between centres`,
    dtype,
    inputShape: [5, 6, 7],
    outputShape: [8, 9, 10],
    map: zoom([5, 6, 7], [8, 9, 10]),
    values: (n) => special[n % 9] ?? 0,
  },
  {
    name: `${dtype}: NaN and infinities on centres`,
    dtype,
    inputShape: [5, 6, 7],
    outputShape: [5, 6, 7],
    map: IDENTITY,
    values: (n) => special[n % 9] ?? 0,
  },
  {
    name: `${dtype}: a constant of infinity`,
    dtype,
    inputShape: [3, 3, 3],
    outputShape: [5, 5, 5],
    map: zoom([3, 3, 3], [5, 5, 5]),
    values: () => Number.POSITIVE_INFINITY,
  },
]);

export const cases: ParityCases = [...shapes, ...maps, ...views, ...types, ...outputs, ...nan].map(
  parityCase,
);
