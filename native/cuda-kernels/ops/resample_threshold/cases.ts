import { DTYPE_NAMES, type Dtype } from '../../lib/dtype.ts';
import { Tensor } from '../../lib/tensor.ts';
import { type ParityCase, type ParityCases, random } from '../../test/parity.ts';
import type { Field } from '../resample/reference.ts';
import { resampleThreshold } from './index.ts';
import { resampleThresholdReference } from './reference.ts';

type Shape = readonly [number, number, number];
type View = (tensor: Tensor) => Tensor;

interface Sketch {
  readonly name: string;
  readonly dtype?: Dtype;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly map: readonly number[];
  readonly values?: (index: Shape, n: number) => number;
  readonly atLeast?: number;
  /** The views that go to the operation; inputShape and outputShape are of what they are views of. */
  readonly inputView?: View;
  readonly outputView?: View;
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
const OBLIQUE = [0.9, 0.2, -0.1, -1.3, -0.2, 0.8, 0.15, 2.1, 0.05, -0.1, 1.1, 0.4];
const ORDERS: readonly Shape[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];
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

/** A ball of about 1 in 0, with a soft surface: most cells are clear, those on the surface are not. */
function ball([nx, ny, nz]: Shape): (index: Shape) => number {
  const centre = [0.4 * nx, 0.5 * ny, 0.6 * nz];
  const radius = 0.3 * Math.min(nx, ny, nz);
  return (index) => {
    const distance = Math.hypot(...index.map((at, axis) => at - (centre[axis] ?? 0)));
    return 1 / (1 + Math.exp(2 * (distance - radius)));
  };
}

function parityCase(sketch: Sketch): ParityCase {
  const { name, dtype = 'float32', inputShape, outputShape, map, atLeast = 0.5 } = sketch;
  const { inputView = same, outputView = same } = sketch;
  const chance = random(7);
  const values = sketch.values ?? (() => chance());
  const [nx, ny, nz] = inputShape;
  const data = Array.from({ length: nx * ny * nz }, (_, n) =>
    values([Math.floor(n / (ny * nz)), Math.floor(n / nz) % ny, n % nz], n),
  );
  const makeInput = () => inputView(Tensor.fromArray(dtype, inputShape, data));
  // What is there before is left alone where nothing is set.
  const count = outputShape[0] * outputShape[1] * outputShape[2];
  const before = Array.from({ length: count }, (_, n) => (n % 5 === 0 ? 7 : 0));
  const makeWhole = () => Tensor.fromArray('uint8', outputShape, before);
  return {
    name,
    reference: () => {
      using input = makeInput();
      using whole = makeWhole();
      using output = outputView(whole);
      const field: Field = { dtype, shape: input.shape as Shape, values: input.toArray() };
      return resampleThresholdReference({
        input: field,
        shape: output.shape as Shape,
        outputToInput: map,
        atLeast,
        before: output.toArray() as Uint8Array,
      });
    },
    run: async () => {
      using input = makeInput();
      using whole = makeWhole();
      using output = outputView(whole);
      const { low, high } = await resampleThreshold({ input, output, outputToInput: map, atLeast });
      return { output: output.toArray(), low, high };
    },
  };
}

const shapes: readonly Sketch[] = [
  { name: 'empty input', inputShape: [0, 3, 4], outputShape: [2, 2, 2], map: IDENTITY },
  { name: 'empty output', inputShape: [3, 3, 3], outputShape: [2, 0, 2], map: IDENTITY },
  {
    name: 'one voxel in',
    inputShape: [1, 1, 1],
    outputShape: [3, 2, 3],
    map: zoom([1, 1, 1], [3, 2, 3]),
    values: () => 1,
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
  ...ORDERS.flatMap((order): Sketch[] => {
    const [from, to] = [[12, 13, 14] as const, [45, 47, 49] as const];
    const shared = { inputShape: from, outputShape: to, map: zoom(from, to, order) };
    return [
      { ...shared, name: `a ball, several tiles, axes ${order}`, values: ball(from) },
      { ...shared, name: `noise, several tiles, axes ${order}` },
    ];
  }),
  {
    name: 'everything above',
    inputShape: [4, 5, 6],
    outputShape: [9, 9, 9],
    map: zoom([4, 5, 6], [9, 9, 9]),
    values: () => 0.9,
  },
  {
    name: 'everything below',
    inputShape: [4, 5, 6],
    outputShape: [9, 9, 9],
    map: zoom([4, 5, 6], [9, 9, 9]),
    values: () => 0.1,
  },
];

const maps: readonly Sketch[] = [
  {
    name: 'a ball, mirrored',
    inputShape: [15, 16, 17],
    outputShape: [15, 33, 35],
    map: [-1, 0, 0, 14, 0, -0.5, 0, 15.4, 0, 0, -0.5, 16.2],
    values: ball([15, 16, 17]),
  },
  {
    name: 'a ball, oblique',
    inputShape: [20, 21, 22],
    outputShape: [23, 25, 27],
    map: OBLIQUE,
    values: ball([20, 21, 22]),
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
    name: 'a moved field: faces, border and beyond',
    inputShape: [4, 4, 4],
    outputShape: [40, 6, 6],
    map: [0.25, 0, 0, -2, 0, 1, 0, -0.5, 0, 0, 1, -0.75],
    values: () => 1,
  },
  {
    name: 'far outside',
    inputShape: [4, 4, 4],
    outputShape: [3, 3, 3],
    map: [1, 0, 0, 1e18, 0, 1, 0, -1e18, 0, 0, 1, 1e300],
    values: () => 1,
  },
];

const from = [14, 15, 16] as const;
const to = [31, 32, 33] as const;
const views: readonly Sketch[] = [zoom(from, to), OBLIQUE].flatMap((map, n): Sketch[] => {
  const shared = { inputShape: from, outputShape: to, map, values: ball(from) };
  const kind = n === 0 ? 'aligned' : 'oblique';
  return [
    { ...shared, name: `${kind}: flipped input`, inputView: (t) => t.flip([0, 2]) },
    { ...shared, name: `${kind}: permuted input`, inputView: (t) => t.permute([2, 0, 1]) },
    {
      ...shared,
      name: `${kind}: strided input`,
      inputView: (t) => t.slice(0, 1, 9).slice(2, 2, 12),
    },
    { ...shared, name: `${kind}: flipped output`, outputView: (t) => t.flip([1, 2]) },
    { ...shared, name: `${kind}: F output`, outputView: (t) => t.permute([2, 1, 0]) },
    { ...shared, name: `${kind}: middle axis fastest`, outputView: (t) => t.permute([0, 2, 1]) },
    {
      ...shared,
      name: `${kind}: output inside a larger one`,
      outputView: (t) => t.slice(1, 2, 28).slice(2, 3, 29),
    },
  ];
});

const types: readonly Sketch[] = DTYPE_NAMES.flatMap((dtype): Sketch[] => {
  const shared = { dtype, inputShape: [8, 9, 10] as const, outputShape: [23, 24, 25] as const };
  const map = zoom(shared.inputShape, shared.outputShape);
  const soft = ball(shared.inputShape);
  const values = (index: Shape) => Math.round(120 * soft(index));
  return [
    { ...shared, name: `${dtype}: linear`, map, values, atLeast: 60 },
    { ...shared, name: `${dtype}: oblique`, map: OBLIQUE, values, atLeast: 59.5 },
  ];
});

/** Values and thresholds at which a clear answer that is not clear would show. */
const edges: readonly Sketch[] = (['float32', 'float64'] as const).flatMap((dtype): Sketch[] => {
  const shared = { dtype, inputShape: [5, 6, 7] as const, outputShape: [18, 19, 20] as const };
  const map = zoom(shared.inputShape, shared.outputShape);
  const cycle = (...list: number[]) => ({
    values: (_: Shape, n: number) => list[n % list.length] ?? 0,
  });
  const tenth = Math.fround(0.1);
  const above = tenth + 2 ** -27;
  return [
    { ...shared, name: `${dtype}: a threshold between float32s`, map, atLeast: 0.1, ...cycle(0.1) },
    {
      ...shared,
      name: `${dtype}: a constant at the threshold`,
      map,
      atLeast: tenth,
      ...cycle(0.1),
    },
    {
      ...shared,
      name: `${dtype}: the float32s around it`,
      map,
      atLeast: above,
      ...cycle(tenth, above),
    },
    {
      ...shared,
      name: `${dtype}: a hair from it`,
      map,
      ...cycle(0.5, 0.5 + 1e-7, 0.5 - 1e-7, 0.6),
    },
    {
      ...shared,
      name: `${dtype}: large beside small`,
      map,
      atLeast: 1,
      ...cycle(1, 3e6, 2, -3e6, 1),
    },
    {
      ...shared,
      name: `${dtype}: larger than differences may be`,
      map,
      ...cycle(3e38, -3e38, 2e38),
    },
    { ...shared, name: `${dtype}: denormal`, map, atLeast: 1e-45, ...cycle(1e-45, 3e-45, 0) },
    {
      ...shared,
      name: `${dtype}: a threshold beyond float32`,
      map,
      atLeast: 1e300,
      ...cycle(1, Infinity),
    },
    {
      ...shared,
      name: `${dtype}: one below float32`,
      map,
      atLeast: -1e300,
      ...cycle(1, -Infinity),
    },
    {
      ...shared,
      name: `${dtype}: NaN and infinities`,
      map,
      ...cycle(Number.NaN, Infinity, -Infinity, 1, 2, -0, 3, 4, 5),
    },
    { ...shared, name: `${dtype}: infinity everywhere`, map, ...cycle(Infinity) },
  ];
});

export const cases: ParityCases = [...shapes, ...maps, ...views, ...types, ...edges].map(
  parityCase,
);
