import { elementCount } from '../../lib/strides.ts';
import { Tensor } from '../../lib/tensor.ts';
import { type ParityCase, type ParityCases, random } from '../../test/parity.ts';
import { surfaceDistances } from './index.ts';
import { surfaceDistancesReference } from './reference.ts';

type Triple = readonly [number, number, number];
type View = (tensor: Tensor) => Tensor;
type Values = (i: number, j: number, k: number) => number;

interface Sketch {
  readonly name: string;
  readonly shape: Triple;
  readonly prediction: Values;
  readonly reference: Values;
  readonly label?: number;
  readonly percentile?: number;
  readonly predictionView?: View;
  readonly referenceView?: View;
}

const same: View = (tensor) => tensor;
const ANISOTROPIC = [0.8, 1.3, 2.5] as const;

function parityCase(sketch: Sketch): ParityCase {
  const { name, shape, label, percentile = 95 } = sketch;
  const spacing = ANISOTROPIC;
  // Once: noise is another at the next call.
  const dataOf = (values: Values) =>
    Uint8Array.from({ length: elementCount(shape) }, (_, n) => {
      const i = Math.floor(n / shape[1] / shape[2]);
      return values(i, Math.floor(n / shape[2]) % shape[1], n % shape[2]);
    });
  const [predicted, referred] = [dataOf(sketch.prediction), dataOf(sketch.reference)];
  const { predictionView = same, referenceView = same } = sketch;
  const both = () => ({
    prediction: predictionView(Tensor.fromArray('uint8', shape, predicted)),
    reference: referenceView(Tensor.fromArray('uint8', shape, referred)),
  });
  return {
    name,
    // The distances are float32, and so are their squares between the axes.
    tolerance: 2 ** -21,
    reference: () => {
      const { prediction, reference } = both();
      return surfaceDistancesReference({
        shape: prediction.shape as Triple,
        prediction: prediction.toArray() as Uint8Array,
        reference: reference.toArray() as Uint8Array,
        label,
        spacing,
        percentile,
      });
    },
    run: async () => {
      const only = label === undefined ? {} : { label };
      const found = await surfaceDistances({ ...both(), ...only, spacing, percentile });
      return {
        hausdorff: found.hausdorffMm,
        percentile: found.hausdorffPercentileMm,
        average: found.averageSymmetricMm,
        a: found.fromPrediction.voxels,
        b: found.fromReference.voxels,
      };
    },
  };
}

const ball =
  (at: Triple, radius: number): Values =>
  (i, j, k) =>
    Math.hypot(i - at[0], j - at[1], k - at[2]) <= radius ? 1 : 0;

function noise(seed: number, density: number, labels = 1): Values {
  const chance = random(seed);
  return () => (chance() < density ? 1 + Math.floor(chance() * labels) : 0);
}

const nothing: Values = () => 0;
const all: Values = () => 1;
const balls = { prediction: ball([7, 8, 15], 6), reference: ball([8, 9, 18], 7) };

const sketches: readonly Sketch[] = [
  { name: 'no voxels', shape: [0, 3, 4], prediction: all, reference: all },
  { name: 'both empty', shape: [3, 4, 5], prediction: nothing, reference: nothing },
  { name: 'no prediction', shape: [3, 4, 5], prediction: nothing, reference: all },
  { name: 'no reference', shape: [3, 4, 5], prediction: all, reference: nothing },
  { name: 'one voxel', shape: [1, 1, 1], prediction: all, reference: all },
  { name: 'everything: the faces are surface', shape: [6, 7, 8], prediction: all, reference: all },
  {
    name: 'one voxel each, in opposite corners',
    shape: [5, 6, 33],
    prediction: (i, j, k) => (i + j + k === 0 ? 1 : 0),
    reference: (i, j, k) => (i === 4 && j === 5 && k === 32 ? 1 : 0),
  },
  ...[31, 32, 33].map(
    (n): Sketch => ({
      name: `noise, rows of ${n}`,
      shape: [6, 7, n],
      prediction: noise(n, 0.05),
      reference: noise(n + 1, 0.7),
    }),
  ),
  { name: 'balls', shape: [16, 18, 35], ...balls },
  { name: 'balls, the median', shape: [16, 18, 35], ...balls, percentile: 50 },
  { name: 'balls, percentile 0', shape: [16, 18, 35], ...balls, percentile: 0 },
  { name: 'balls, percentile 100', shape: [16, 18, 35], ...balls, percentile: 100 },
  {
    name: 'one label of three',
    shape: [9, 10, 33],
    prediction: noise(3, 0.5, 3),
    reference: noise(4, 0.5, 3),
    label: 2,
  },
  {
    name: 'F order beside C order',
    shape: [16, 16, 16],
    prediction: ball([7, 8, 6], 5),
    reference: ball([8, 9, 7], 4),
    predictionView: (t) => t.permute([2, 1, 0]),
  },
  {
    name: 'flipped and cut',
    shape: [16, 18, 35],
    ...balls,
    predictionView: (t) => t.flip([0, 2]).slice(1, 2, 17),
    referenceView: (t) => t.slice(1, 1, 16).flip([1]),
  },
];

export const cases: ParityCases = sketches.map(parityCase);
