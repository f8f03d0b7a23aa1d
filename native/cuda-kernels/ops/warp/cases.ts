import { BORDERS, type Border } from '../../lib/border.ts';
import { DTYPE_NAMES, type Dtype } from '../../lib/dtype.ts';
import { elementCount } from '../../lib/strides.ts';
import { Tensor } from '../../lib/tensor.ts';
import { type ParityCase, type ParityCases, random } from '../../test/parity.ts';
import { warp } from './index.ts';
import { warpReference } from './reference.ts';

type Triple = readonly [number, number, number];
type View = (tensor: Tensor) => Tensor;

interface Sketch {
  readonly name: string;
  readonly inputShape: Triple;
  readonly outputShape: Triple;
  /** Control points; by default one per output voxel. */
  readonly points?: Triple;
  /** The displacements, uniform in [-reach, reach]. */
  readonly reach?: number;
  readonly displacements?: (n: number) => number;
  readonly spline?: 'linear' | 'cubic';
  readonly dtype?: Dtype;
  readonly into?: Dtype;
  readonly map?: readonly number[];
  readonly values?: (n: number) => number;
  readonly interpolation?: 'linear' | 'nearest';
  readonly border?: Border;
  readonly fill?: number;
  readonly inputView?: View;
  readonly outputView?: View;
  readonly fieldView?: View;
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
const OBLIQUE = [0.9, 0.2, -0.1, -1.3, -0.2, 0.8, 0.15, 2.1, 0.05, -0.1, 1.1, 0.4];
const same: View = (tensor) => tensor;

function parityCase(sketch: Sketch): ParityCase {
  const { name, inputShape, outputShape, dtype = 'float32', into = 'float32' } = sketch;
  const { spline = 'linear', interpolation = 'linear', border = 'constant', fill = 0 } = sketch;
  const { inputView = same, outputView = same, fieldView = same, map = IDENTITY } = sketch;
  const points = sketch.points ?? (outputView(Tensor.empty('uint8', outputShape)).shape as Triple);
  const [chance, { reach = 2.5 }] = [random(23), sketch];
  const values = sketch.values ?? (() => Math.floor(chance() * 120));
  const data = Array.from({ length: elementCount(inputShape) }, (_, n) => values(n));
  const displacements = sketch.displacements ?? (() => (2 * chance() - 1) * reach);
  const moves = Array.from({ length: 3 * elementCount(points) }, (_, n) => displacements(n));
  const makeInput = () => inputView(Tensor.fromArray(dtype, inputShape, data));
  const makeField = () => fieldView(Tensor.fromArray('float32', [3, ...points], moves));
  const options = { spline, interpolation, border, fill, outputToInput: map };
  return {
    name,
    reference: () => {
      using input = makeInput();
      using field = makeField();
      const { shape } = outputView(Tensor.empty(into, outputShape));
      const [, a = 0, b = 0, c = 0] = field.shape;
      const output = warpReference({
        ...options,
        input: { dtype, shape: input.shape as Triple, values: input.toArray() },
        shape: shape as Triple,
        dtype: into,
        displacement: { points: [a, b, c], values: field.toArray() as Float32Array },
      });
      return { output, written: 0 };
    },
    run: async () => {
      using input = makeInput();
      using displacement = makeField();
      using whole = Tensor.empty(into, outputShape);
      using output = outputView(whole);
      await warp({ ...options, input, output, displacement });
      return { output: output.toArray(), written: nonZero(whole) - nonZero(output) };
    },
  };
}

const nonZero = (tensor: Tensor): number =>
  Array.from(tensor.toArray(), Number).filter((value) => value !== 0).length;

const shapes: readonly Sketch[] = (['linear', 'cubic'] as const)
  .flatMap((spline): Sketch[] => [
    { name: 'empty input', inputShape: [0, 3, 4], outputShape: [2, 2, 2], spline, fill: 5 },
    {
      name: 'empty output',
      inputShape: [3, 3, 3],
      outputShape: [2, 0, 2],
      points: [2, 2, 2],
      spline,
    },
    { name: 'one voxel', inputShape: [1, 1, 1], outputShape: [1, 1, 1], reach: 0.4, spline },
    {
      name: 'one voxel of many',
      inputShape: [1, 1, 1],
      outputShape: [3, 2, 33],
      border: 'nearest',
      spline,
    },
    ...[31, 32, 33].flatMap((n): Sketch[] => [
      { name: `${n} along C`, inputShape: [3, 4, n], outputShape: [3, 4, n], spline },
      {
        name: `${n} planes`,
        inputShape: [n, 3, 7],
        outputShape: [n, 3, 7],
        points: [5, 4, 3],
        spline,
      },
    ]),
    {
      name: 'several blocks',
      inputShape: [20, 21, 22],
      outputShape: [30, 31, 32],
      points: [7, 5, 6],
      spline,
    },
    {
      name: 'one control point',
      inputShape: [6, 7, 8],
      outputShape: [6, 7, 8],
      points: [1, 1, 1],
      spline,
    },
    {
      name: 'two control points',
      inputShape: [6, 7, 8],
      outputShape: [6, 7, 8],
      points: [2, 2, 2],
      spline,
    },
    {
      name: 'more points than voxels',
      inputShape: [6, 7, 8],
      outputShape: [3, 2, 4],
      points: [7, 8, 9],
      spline,
    },
  ])
  .map((sketch) => ({ ...sketch, name: `${sketch.name}, ${sketch.spline}` }));

const borders: readonly Sketch[] = BORDERS.flatMap((border) =>
  (['linear', 'nearest'] as const).flatMap((interpolation): Sketch[] => {
    const shared = {
      inputShape: [5, 6, 7],
      outputShape: [8, 9, 10],
      border,
      interpolation,
    } as const;
    return [
      { ...shared, name: `${border}, ${interpolation}: far`, reach: 30, fill: -3 },
      { ...shared, name: `${border}, ${interpolation}: oblique`, map: OBLIQUE, fill: 9 },
      {
        ...shared,
        name: `${border}, ${interpolation}: halves and faces`,
        displacements: (n) => ((n * 7) % 25) / 2 - 6,
      },
      {
        ...shared,
        name: `${border}, ${interpolation}: no numbers`,
        displacements: (n) => [0.25, Number.NaN, Number.POSITIVE_INFINITY, -1e30, 1e18][n % 5] ?? 0,
        fill: Number.NaN,
      },
    ];
  }),
);

const views: readonly Sketch[] = (['linear', 'cubic'] as const).flatMap((spline): Sketch[] => {
  const shared = { inputShape: [6, 7, 8], outputShape: [9, 10, 35], spline } as const;
  const coarse = { ...shared, points: [4, 5, 6] } as const;
  return [
    { ...coarse, name: `${spline}: flipped input`, inputView: (t) => t.flip([0, 2]) },
    { ...coarse, name: `${spline}: permuted input`, inputView: (t) => t.permute([2, 0, 1]) },
    { ...coarse, name: `${spline}: flipped output`, outputView: (t) => t.flip([1, 2]) },
    { ...coarse, name: `${spline}: F output`, outputView: (t) => t.permute([2, 1, 0]) },
    { ...coarse, name: `${spline}: axis 1 fastest`, outputView: (t) => t.permute([0, 2, 1]) },
    {
      ...coarse,
      name: `${spline}: part of an output`,
      outputView: (t) => t.slice(1, 2, 8),
      fill: 3,
    },
    { ...coarse, name: `${spline}: components last`, fieldView: (t) => t.flip([1, 3]) },
    { ...shared, name: `${spline}: dense, F output`, outputView: (t) => t.permute([2, 1, 0]) },
  ];
});

const types: readonly Sketch[] = DTYPE_NAMES.flatMap((dtype): Sketch[] => {
  const shared = { inputShape: [5, 6, 7], outputShape: [6, 7, 9], dtype } as const;
  const values = (n: number) => (n * 31) % 127;
  return [
    { ...shared, name: `${dtype}`, values },
    { ...shared, name: `${dtype} to itself`, into: dtype, values, border: 'reflect' },
    {
      ...shared,
      name: `${dtype} labels`,
      into: dtype,
      values,
      interpolation: 'nearest',
      fill: 1e30,
    },
  ];
});

export const cases: ParityCases = [...shapes, ...borders, ...views, ...types].map(parityCase);
