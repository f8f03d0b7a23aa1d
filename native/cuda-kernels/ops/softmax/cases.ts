import { Tensor } from '../../lib/tensor.ts';
import { type ParityCase, type ParityCases, random } from '../../test/parity.ts';
import { softmax } from './index.ts';
import { softmaxReference } from './reference.ts';

type View = (tensor: Tensor) => Tensor;

interface Sketch {
  readonly name: string;
  /** [C, X, Y, Z] of the memory that the view looks at. */
  readonly shape: readonly [number, number, number, number];
  readonly values?: (n: number) => number;
  readonly order?: 'C' | 'F';
  readonly inputView?: View;
  readonly outputOrder?: 'C' | 'F';
  readonly outputView?: View;
}

const same: View = (tensor) => tensor;

function parityCase(sketch: Sketch): ParityCase {
  const { name, shape, order = 'C', inputView = same, outputView = same } = sketch;
  const chance = random(17);
  const values = sketch.values ?? (() => 20 * chance() - 10);
  const length = shape.reduce((product, n) => product * n, 1);
  const data = Float32Array.from({ length }, (_, n) => values(n));
  const makeInput = () => inputView(Tensor.fromArray('float32', shape, data, { order }));
  return {
    name,
    reference: () => {
      using input = makeInput();
      return { output: softmaxReference(input.toArray() as Float32Array, input.shape[0] ?? 1) };
    },
    run: async () => {
      using input = makeInput();
      using whole = Tensor.empty('float32', input.shape, { order: sketch.outputOrder ?? 'C' });
      using output = outputView(whole);
      await softmax({ input, output });
      // Seen as it was made, so that a flipped output shows up flipped.
      using seen = outputView(whole);
      return { output: seen.toArray() as Float32Array };
    },
    // float32 throughout, where the reference has float64; the variants give the same bits (native.test.cpp).
    tolerance: 1e-6,
  };
}

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const special = [nan, 1, inf, -inf, 0, -0, 80, -80, 3e38, -3e38, 1e-40];

const sketches: readonly Sketch[] = [
  { name: 'empty', shape: [2, 3, 0, 4] },
  { name: 'one voxel', shape: [3, 1, 1, 1] },
  { name: 'one channel', shape: [1, 3, 4, 5] },
  ...[31, 32, 33].map((n): Sketch => ({ name: `rows of ${n}`, shape: [2, 2, 3, n] })),
  { name: 'rows longer than a piece', shape: [3, 2, 2, 1100] },
  { name: 'several blocks', shape: [4, 20, 21, 42] },
  { name: 'many channels', shape: [133, 2, 3, 5] },
  { name: 'equals', shape: [5, 3, 4, 33], values: () => 0.5 },
  { name: 'far apart', shape: [3, 3, 4, 33], values: (n) => ((n * 7919) % 401) - 200 },
  { name: 'all NaN', shape: [3, 2, 3, 33], values: () => nan },
  { name: 'all -infinity', shape: [3, 2, 3, 4], values: () => -inf },
  {
    name: 'NaN, infinities and the largest numbers',
    shape: [4, 5, 7, 33],
    values: (n) => special[(n * 31 + Math.floor(n / 13)) % 11] ?? 0,
  },
  { name: 'F order', shape: [3, 5, 6, 33], order: 'F' },
  { name: 'F order out', shape: [3, 5, 6, 33], outputOrder: 'F' },
  {
    name: 'channels last',
    shape: [5, 6, 7, 3],
    inputView: (tensor) => tensor.permute([3, 0, 1, 2]),
  },
  {
    name: 'flipped and cut',
    shape: [4, 9, 8, 40],
    inputView: (tensor) => tensor.flip([1, 3]).slice(3, 2, 35).slice(0, 1, 4),
    outputView: (tensor) => tensor.flip([1, 3]),
  },
];

export const cases: ParityCases = sketches.map(parityCase);
