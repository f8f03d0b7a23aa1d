import { elementCount } from '../../lib/strides.ts';
import { Tensor } from '../../lib/tensor.ts';
import { type ParityCase, type ParityCases, random } from '../../test/parity.ts';
import { distanceTransform } from './index.ts';
import { distanceReference } from './reference.ts';

type Triple = readonly [number, number, number];
type View = (tensor: Tensor) => Tensor;

interface Sketch {
  readonly name: string;
  readonly shape: Triple;
  readonly values: (i: number, j: number, k: number) => number;
  readonly spacing?: Triple;
  readonly view?: View;
  readonly outputView?: View;
}

const same: View = (tensor) => tensor;

/**
 * Squares are rounded to float32 between the axes, which the reference does not do; with whole spacings
 * they are whole numbers that float32 holds, and the distances are the same to the bit.
 */
const toleranceOf = (spacing: Triple): number => (spacing.every(Number.isInteger) ? 0 : 2 ** -22);

function parityCase(sketch: Sketch): ParityCase {
  const { name, shape, values, spacing = [1, 1, 1], view = same, outputView = same } = sketch;
  const data = Uint8Array.from({ length: elementCount(shape) }, (_, n) => {
    const i = Math.floor(n / shape[1] / shape[2]);
    return values(i, Math.floor(n / shape[2]) % shape[1], n % shape[2]);
  });
  const make = () => view(Tensor.fromArray('uint8', shape, data));
  return {
    name: `${name}, [${spacing.join(', ')}]`,
    tolerance: toleranceOf(spacing),
    reference: () => {
      using mask = make();
      const seen = { shape: mask.shape as Triple, mask: mask.toArray() as Uint8Array };
      return { output: distanceReference({ ...seen, spacing }) };
    },
    run: async () => {
      using mask = make();
      // Made in the order of axes in which its view has the mask's shape.
      using dense = Tensor.empty('float32', outputView(mask).shape);
      using output = outputView(dense);
      await distanceTransform({ mask, output, spacing });
      return { output: output.toArray() };
    },
  };
}

function noise(seed: number, zeros: number): Sketch['values'] {
  const chance = random(seed);
  return () => (chance() < zeros ? 0 : 1 + Math.floor(chance() * 255));
}

const ANISOTROPIC = [0.8, 1.3, 2.5] as const;

const shapes: readonly Sketch[] = ([[1, 1, 1], [2, 1, 3], ANISOTROPIC] as const).flatMap(
  (spacing): Sketch[] => [
    { name: 'empty', shape: [0, 3, 4], values: () => 1, spacing },
    { name: 'no zero', shape: [3, 4, 5], values: () => 7, spacing },
    { name: 'only zeros', shape: [3, 4, 5], values: () => 0, spacing },
    { name: 'one voxel', shape: [1, 1, 1], values: () => 0, spacing },
    { name: 'one-voxel axes', shape: [1, 40, 1], values: noise(2, 0.05), spacing },
    { name: 'one zero in a corner', shape: [9, 10, 11], values: (i, j, k) => i + j + k, spacing },
    ...[31, 32, 33].map(
      (n): Sketch => ({ name: `rows of ${n}`, shape: [4, 5, n], values: noise(n, 0.03), spacing }),
    ),
    ...[31, 32, 33].map(
      (n): Sketch => ({ name: `${n} planes`, shape: [n, 5, 4], values: noise(n, 0.03), spacing }),
    ),
    { name: 'few zeros', shape: [14, 15, 36], values: noise(5, 0.001), spacing },
    { name: 'half zeros', shape: [14, 15, 16], values: noise(6, 0.5), spacing },
    {
      name: 'planes without a zero',
      shape: [9, 8, 35],
      values: (i, j, k) => (i === 4 && j % 3 === 0 && k > 20 ? 0 : 1),
      spacing,
    },
  ],
);

const views: readonly Sketch[] = [
  {
    name: 'F order',
    shape: [9, 10, 33],
    values: noise(7, 0.02),
    view: (t) => t.permute([2, 1, 0]),
    outputView: (t) => t.permute([2, 1, 0]),
  },
  {
    name: 'another order in than out',
    shape: [9, 10, 33],
    values: noise(8, 0.02),
    view: (t) => t.permute([1, 2, 0]),
  },
  {
    name: 'flipped, cut',
    shape: [9, 10, 35],
    values: noise(9, 0.02),
    view: (t) => t.flip([0, 2]).slice(0, 1, 8).slice(2, 2, 34),
    outputView: (t) => t.flip([1, 2]),
  },
  {
    name: 'middle axis fastest',
    shape: [9, 10, 35],
    values: noise(10, 0.02),
    outputView: (t) => t.permute([0, 2, 1]),
  },
];

export const cases: ParityCases = [
  ...shapes,
  ...views,
  ...views.map((sketch) => ({ ...sketch, spacing: ANISOTROPIC })),
].map(parityCase);
