import { BORDERS, type Border } from '../../lib/border.ts';
import { DTYPE_NAMES, type Dtype } from '../../lib/dtype.ts';
import { elementCount } from '../../lib/strides.ts';
import { Tensor } from '../../lib/tensor.ts';
import { type ParityCase, type ParityCases, random } from '../../test/parity.ts';
import { ODD_REALS, sampleValues } from '../../test/sample-values.ts';
import { sampleViews } from '../../test/sample-views.ts';
import { gaussian } from './index.ts';
import { gaussianReference } from './reference.ts';

type View = (tensor: Tensor) => Tensor;

interface Sketch {
  readonly name: string;
  /** Of the memory that the views look at; sigma has one number for each axis of what they show. */
  readonly shape: readonly number[];
  readonly sigma: readonly number[];
  readonly dtype?: Dtype;
  readonly values?: (n: number) => number;
  readonly border?: Border;
  readonly fill?: number;
  readonly truncate?: number;
  readonly view?: View;
  readonly outputView?: View;
}

const same: View = (tensor) => tensor;

function parityCase(sketch: Sketch): ParityCase {
  const { name, shape, sigma, dtype = 'float32', view = same, outputView = same } = sketch;
  const { border = 'reflect', fill = 0, truncate = 4 } = sketch;
  const chance = random(17);
  const values = sketch.values ?? (() => Math.floor(chance() * 120));
  const data = Array.from({ length: elementCount(shape) }, (_, n) => values(n));
  const make = () => view(Tensor.fromArray(dtype, shape, data));
  return {
    name: `${name}, ${border}`,
    reference: () => {
      using input = make();
      const seen = { shape: input.shape, values: input.toArray() };
      return { output: gaussianReference({ ...seen, sigma, truncate, border, fill }), written: 0 };
    },
    run: async () => {
      using input = make();
      using whole = roomFor(input.shape, outputView);
      using output = outputView(whole);
      await gaussian({ input, output, sigma, truncate, border, fill });
      return { output: output.toArray(), written: nonZero(whole) - nonZero(output) };
    },
  };
}

/** A tensor of which the view has that shape: the views used here cut two voxels off axis 0, or none. */
function roomFor(shape: readonly number[], view: View): Tensor {
  using dense = Tensor.empty('float32', shape);
  using seen = view(dense);
  const more = shape.map((n, axis) => 2 * n - (seen.shape[axis] ?? n));
  return Tensor.empty('float32', more);
}

const nonZero = (tensor: Tensor): number =>
  Array.from(tensor.toArray(), Number).filter((value) => value !== 0).length;

const lines: readonly Sketch[] = BORDERS.flatMap((border): Sketch[] => [
  { name: 'a line', shape: [40], sigma: [1.2], border, fill: 7 },
  { name: 'a line shorter than the kernel', shape: [3], sigma: [4], border, fill: -7 },
  { name: 'one voxel', shape: [1, 1, 1], sigma: [1, 2, 3], border, fill: 3 },
  { name: 'one-voxel axes', shape: [1, 37, 1], sigma: [1, 2, 3], border, fill: 3 },
  { name: 'channels', shape: [3, 7, 9, 11], sigma: [0, 1, 0.7, 2], border, fill: 100 },
  { name: '2D with channels', shape: [2, 41, 33], sigma: [0, 1.5, 0.5], border },
  { name: 'one axis of three', shape: [9, 34, 5], sigma: [0, 1.5, 0], border },
]);

const widths: readonly Sketch[] = [31, 32, 33].flatMap((n): Sketch[] => [
  { name: `${n} along C`, shape: [4, 5, n], sigma: [1, 0.6, 1.4] },
  { name: `${n} planes`, shape: [n, 4, 5], sigma: [1, 0.6, 1.4] },
  {
    name: `F order, ${n}`,
    shape: [5, n, 6],
    sigma: [1, 1.1, 1.2],
    view: (t) => t.permute([2, 1, 0]),
  },
]);

const views: readonly Sketch[] = sampleViews
  .filter(({ name, shape }) => shape.length > 0 && name !== 'one long axis')
  .map(({ name, shape, view }): Sketch => {
    using seen = view(Tensor.empty('uint8', shape));
    return { name: `view: ${name}`, shape, view, sigma: seen.shape.map((_, n) => (n % 3) * 0.4) };
  });

const outputs: readonly Sketch[] = [
  {
    name: 'flipped output',
    shape: [8, 9, 35],
    sigma: [1, 1, 1],
    outputView: (t) => t.flip([0, 2]),
  },
  {
    name: 'output inside a larger one',
    shape: [8, 9, 35],
    sigma: [1, 1, 1],
    outputView: (t) => t.slice(0, 1, (t.shape[0] ?? 0) - 1),
  },
];

const types: readonly Sketch[] = DTYPE_NAMES.flatMap((dtype): Sketch[] => {
  const wide = sampleValues(dtype, 5 * 6 * 35).map((value) => Number(value) / 2 ** 12);
  const values = (n: number) => {
    const value = wide[n] ?? 0;
    return dtype.startsWith('float') ? value : Math.trunc(Math.abs(value)) % 127;
  };
  const shared = { dtype, shape: [5, 6, 35], values };
  return [
    { ...shared, name: dtype, sigma: [0.7, 1, 1.3] },
    { ...shared, name: `${dtype}, only moved`, sigma: [0, 0, 0] },
  ];
});

const rest: readonly Sketch[] = [
  {
    name: 'NaN and infinities',
    shape: [7, 8, 35],
    sigma: [0.4, 0.5, 1],
    values: (n) => (n % 97 === 0 ? (ODD_REALS[(n / 97) % ODD_REALS.length] ?? 0) : n % 7),
  },
  {
    name: 'fill of NaN',
    shape: [9, 9, 9],
    sigma: [0.5, 0.5, 0.5],
    border: 'constant',
    fill: Number.NaN,
  },
  { name: 'several blocks', shape: [30, 41, 70], sigma: [2, 1.5, 3] },
  { name: 'truncated early', shape: [10, 11, 40], sigma: [2, 2, 2], truncate: 1.5 },
  { name: 'a kernel of one voxel', shape: [5, 5, 5], sigma: [0.1, 0.1, 0.1] },
];

export const cases: ParityCases = [
  ...lines,
  ...widths,
  ...views,
  ...outputs,
  ...types,
  ...rest,
].map(parityCase);
