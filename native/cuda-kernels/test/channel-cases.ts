import type { Element } from '../lib/dtype.ts';
import { Tensor } from '../lib/tensor.ts';
import { type ParityCase, random } from './parity.ts';

/** A case of an operation on [C, X, Y, Z] that works at each voxel on its channels. */
export interface ChannelSketch {
  readonly name: string;
  /** [C, X, Y, Z] of the memory that the view looks at. */
  readonly shape: readonly [number, number, number, number];
  /** Default drawn by the operation's own `draw`. */
  readonly values?: (n: number) => number;
  readonly order?: 'C' | 'F';
  readonly inputView?: (tensor: Tensor) => Tensor;
  readonly outputOrder?: 'C' | 'F';
  /** Spatial axes that run backwards in the output. */
  readonly outputFlip?: readonly number[];
}

/** What is tried of it. */
export interface ChannelOperation {
  /** A value of float32, of a number in [0, 1). */
  readonly draw: (chance: number) => number;
  /** Whether the output has channels, as float32, or is one uint8 a voxel. */
  readonly keepsChannels: boolean;
  readonly run: (tensors: { input: Tensor; output: Tensor }) => Promise<void>;
  /** The slow twin; `input` is [channels, voxels] in C order. */
  readonly reference: (input: Float32Array, channels: number) => ArrayLike<Element>;
  readonly tolerance?: number;
}

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const special = [nan, 1, inf, -inf, 0, -0, 80, nan, -80, 3e38, 1e-40];

/** Shapes, orders, views and values that every such operation is held to. */
export const CHANNEL_SKETCHES: readonly ChannelSketch[] = [
  { name: 'empty', shape: [2, 3, 0, 4] },
  { name: 'one voxel', shape: [3, 1, 1, 1] },
  { name: 'one channel', shape: [1, 3, 4, 5] },
  ...[31, 32, 33].map((n): ChannelSketch => ({ name: `rows of ${n}`, shape: [2, 2, 3, n] })),
  { name: 'rows longer than a piece', shape: [3, 2, 2, 1100] },
  { name: 'several blocks', shape: [4, 40, 41, 42] },
  { name: 'many channels', shape: [256, 2, 3, 5] },
  { name: 'equals', shape: [5, 3, 4, 33], values: () => 0.5 },
  { name: 'all NaN', shape: [3, 2, 3, 33], values: () => nan },
  { name: 'all -infinity', shape: [3, 2, 3, 4], values: () => -inf },
  {
    name: 'NaN, infinities, zeros and the largest numbers',
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
    outputFlip: [0, 2],
  },
  {
    name: 'the fastest axis is not the last',
    shape: [3, 6, 33, 5],
    inputView: (tensor) => tensor.permute([0, 3, 1, 2]),
  },
];

export function channelCase(sketch: ChannelSketch, operation: ChannelOperation): ParityCase {
  const { name, shape, order = 'C', inputView = (tensor) => tensor, outputFlip = [] } = sketch;
  const { draw, keepsChannels, run, reference, tolerance = 0 } = operation;
  const chance = random(11);
  const values = sketch.values ?? (() => draw(chance()));
  const length = shape.reduce((product, n) => product * n, 1);
  const data = Float32Array.from({ length }, (_, n) => values(n));
  const makeInput = () => inputView(Tensor.fromArray('float32', shape, data, { order }));
  const flipped = (whole: Tensor) =>
    whole.flip(outputFlip.map((axis) => axis + (keepsChannels ? 1 : 0)));
  return {
    name,
    reference: () => {
      using input = makeInput();
      return { output: reference(input.toArray() as Float32Array, input.shape[0] ?? 1) };
    },
    run: async () => {
      using input = makeInput();
      const made = keepsChannels ? input.shape : input.shape.slice(1);
      const dtype = keepsChannels ? 'float32' : 'uint8';
      using whole = Tensor.empty(dtype, made, { order: sketch.outputOrder ?? 'C' });
      using output = flipped(whole);
      await run({ input, output });
      // Seen as it was made, so that a flipped output shows up flipped.
      using seen = flipped(whole);
      return { output: seen.toArray() };
    },
    tolerance,
  };
}
