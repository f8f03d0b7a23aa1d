import { Tensor } from '../../lib/tensor.ts';
import { type ParityCase, type ParityCases, random } from '../../test/parity.ts';
import { runLengths } from './index.ts';
import { runLengthsReference } from './reference.ts';

type Shape = readonly [number, number, number];

interface Sketch {
  readonly name: string;
  /** Of the memory that the view looks at. */
  readonly boxShape: Shape;
  readonly boxLow: Shape;
  readonly shape: Shape;
  readonly values?: (n: number) => number;
  readonly order?: 'C' | 'F';
  readonly view?: (tensor: Tensor) => Tensor;
}

function parityCase(sketch: Sketch): ParityCase {
  const { name, boxShape, boxLow, shape, order = 'F', view = (tensor) => tensor } = sketch;
  const chance = random(3);
  const values = sketch.values ?? (() => Math.floor(chance() * 1.6));
  const length = boxShape[0] * boxShape[1] * boxShape[2];
  const data = Uint8Array.from({ length }, (_, n) => values(n));
  const makeMask = () => view(Tensor.fromArray('uint8', boxShape, data, { order }));
  return {
    name,
    without: { emulated: 'the threads of its kernels cooperate' },
    reference: () => {
      using mask = makeMask();
      // C order of the reversed axes is the order of files.
      using reversed = mask.permute([2, 1, 0]);
      const seen = reversed.toArray() as Uint8Array;
      const box = { values: seen, boxShape: mask.shape as unknown as Shape, boxLow, shape };
      return { pairs: runLengthsReference(box) };
    },
    run: async () => {
      using mask = makeMask();
      return { pairs: await runLengths({ mask, boxLow, shape }) };
    },
  };
}

const sketches: readonly Sketch[] = [
  { name: 'an empty grid', boxShape: [0, 0, 0], boxLow: [0, 0, 0], shape: [0, 4, 5] },
  { name: 'an empty box', boxShape: [0, 2, 3], boxLow: [1, 1, 1], shape: [4, 5, 6] },
  { name: 'one voxel, the whole grid', boxShape: [1, 1, 1], boxLow: [0, 0, 0], shape: [1, 1, 1] },
  {
    name: 'one voxel at the end',
    boxShape: [1, 1, 1],
    boxLow: [3, 4, 5],
    shape: [4, 5, 6],
    values: () => 9,
  },
  {
    name: 'the whole grid of one value: one run',
    boxShape: [5, 6, 7],
    boxLow: [0, 0, 0],
    shape: [5, 6, 7],
    values: () => 3,
  },
  {
    name: 'rows that are as wide as the grid run on',
    boxShape: [5, 2, 2],
    boxLow: [0, 4, 1],
    shape: [5, 6, 4],
    values: () => 1,
  },
  {
    name: 'background only',
    boxShape: [3, 3, 3],
    boxLow: [1, 1, 1],
    shape: [5, 6, 7],
    values: () => 0,
  },
  ...[31, 32, 33].map(
    (n): Sketch => ({
      name: `rows of ${n}`,
      boxShape: [n, 4, 5],
      boxLow: [2, 1, 3],
      shape: [n + 5, 7, 9],
    }),
  ),
  {
    name: 'long runs',
    boxShape: [70, 9, 8],
    boxLow: [1, 0, 0],
    shape: [72, 9, 9],
    values: (n) => (Math.floor(n / 23) % 4 === 0 ? 1 : 0),
  },
  {
    name: 'all labels',
    boxShape: [16, 16, 4],
    boxLow: [1, 2, 3],
    shape: [20, 21, 9],
    values: (n) => n % 256,
  },
  { name: 'C order', boxShape: [9, 10, 33], boxLow: [3, 0, 1], shape: [15, 10, 40], order: 'C' },
  {
    name: 'permuted, flipped, cut',
    boxShape: [12, 20, 9],
    boxLow: [2, 2, 2],
    shape: [30, 20, 25],
    view: (tensor) => tensor.permute([1, 2, 0]).flip([0, 1]).slice(0, 2, 19),
  },
];

export const cases: ParityCases = sketches.map(parityCase);
