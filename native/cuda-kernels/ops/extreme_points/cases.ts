import { Tensor } from '../../lib/tensor.ts';
import { type ParityCase, type ParityCases, random } from '../../test/parity.ts';
import { type ExtremePointsKernel, extremePoints, type Point } from './index.ts';
import { referenceExtremePoints } from './reference.ts';

type Shape = readonly [number, number, number];

interface Sketch {
  readonly name: string;
  readonly shape: Shape;
  readonly points: readonly Point[];
  readonly sigma?: number;
  /** A view of the given shape, and the memory around it. Default: a dense tensor. */
  readonly makeOutput?: (shape: Shape) => { whole: Tensor; view: Tensor };
}

function dense(shape: Shape) {
  const whole = Tensor.empty('float32', shape);
  return { whole, view: whole };
}

function parityCase(sketch: Sketch, kernel: ExtremePointsKernel): ParityCase {
  const { name, shape, points, sigma = 3, makeOutput = dense } = sketch;
  return {
    name: `${kernel}: ${name}`,
    reference: () => ({
      output: referenceExtremePoints({ points, sigma, shape, kernel }),
      beside: 0,
    }),
    run: async () => {
      const { whole, view } = makeOutput(shape);
      await extremePoints({ points, sigma, output: view, kernel });
      const output = view.toArray();
      const sum = (tensor: Tensor) => Array.from(tensor.toArray(), Number).filter((x) => x !== 0);
      const beside = sum(whole).length - sum(view).length;
      view.dispose();
      whole.dispose();
      return { output, beside };
    },
    // The factors of the axes and their products are float32 for max.
    tolerance: 1e-6,
  };
}

function pointsIn([nx, ny, nz]: Shape, count: number): Point[] {
  const chance = random(nx + ny + nz);
  return Array.from({ length: count }, () => [
    chance() * (nx - 1),
    chance() * (ny - 1),
    chance() * (nz - 1),
  ]);
}

const shapes: readonly Shape[] = [
  [0, 3, 4],
  [1, 1, 1],
  [31, 4, 3],
  [3, 32, 33],
  [4, 5, 31],
  [20, 21, 22],
];

const shared = { shape: [9, 10, 11] as const, points: pointsIn([9, 10, 11], 6) };

const sketches: readonly Sketch[] = [
  ...shapes.map((shape) => ({ name: shape.join(' x '), shape, points: pointsIn(shape, 6) })),
  { ...shared, name: 'one point', points: [[4, 4, 4]] },
  {
    ...shared,
    name: 'coinciding points',
    points: [
      [4, 4, 4],
      [4, 4, 4],
      [4.2, 3.9, 4.4],
      [8, 1, 1],
    ],
  },
  {
    ...shared,
    name: 'halves',
    points: [
      [0.5, 1.5, 2.5],
      [3.5, 4.5, 5.5],
    ],
  },
  {
    ...shared,
    name: 'points outside',
    points: [
      [-2.5, 4, 4],
      [4, 12.25, 4],
      [-0.4, 9.4, 10.4],
    ],
  },
  { ...shared, name: 'a narrow kernel', sigma: 0.3 },
  { ...shared, name: 'a wide kernel', sigma: 40 },
  { ...shared, name: 'a kernel within one voxel', sigma: 0.05 },
  { ...shared, name: 'sixty points', points: pointsIn(shared.shape, 60) },
  {
    ...shared,
    name: 'a channel among others',
    makeOutput: (shape) => {
      const whole = Tensor.empty('float32', [1, 3, ...shape]);
      return { whole, view: whole.select(0, 0).select(0, 1) };
    },
  },
  {
    ...shared,
    name: 'interleaved, F order, flipped',
    makeOutput: ([nx, ny, nz]) => {
      const whole = Tensor.empty('float32', [nz, ny, nx, 2]);
      return { whole, view: whole.select(3, 1).permute([2, 1, 0]).flip([0, 2]) };
    },
  },
];

export const cases: ParityCases = sketches.flatMap((sketch) => [
  parityCase(sketch, 'max'),
  parityCase(sketch, 'monai'),
]);
