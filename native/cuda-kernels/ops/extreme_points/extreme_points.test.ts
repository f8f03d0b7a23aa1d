import assert from 'node:assert/strict';
import { Tensor } from '../../lib/tensor.ts';
import { type ExtremePointsKernel, extremePoints, type Point } from './index.ts';

/** Half a digit beyond those of the printed values. */
const PRINTED = 0.6e-6;

interface Channel {
  readonly at: (i: number, j: number, k: number) => number;
}

interface Options {
  readonly shape: readonly [number, number, number];
  readonly points: readonly Point[];
  readonly sigma?: number;
  readonly kernel?: ExtremePointsKernel;
}

async function channelOf({ shape, points, sigma = 3, kernel = 'max' }: Options): Promise<Channel> {
  using output = Tensor.empty('float32', shape);
  await extremePoints({ points, sigma, output, kernel });
  const values = output.toArray() as Float32Array;
  const [, ny, nz] = shape;
  return { at: (i, j, k) => values[(i * ny + j) * nz + k] ?? Number.NaN };
}

function assertNear(actual: number, expected: number, what: string, tolerance = PRINTED): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} instead of ${expected}`);
}

/** From the range [-1, 1] to [0, 1], in which some golden values are printed. */
const unit = (y: number) => (y + 1) / 2;

const LARGE = [64, 64, 64] as const;
const CENTRE: readonly Point[] = [[32, 32, 32]];

// d, erf kernel in [-1, 1], and sampled Gaussian in [0, 1] of one isolated point, sigma 3.
const PROFILE = [
  [0, 1, 1],
  [1, 0.892889, 0.945959],
  [2, 0.60476, 0.800737],
  [3, 0.218664, 0.606531],
  [4, -0.171017, 0.411112],
  [5, -0.494881, 0.249352],
  [6, -0.724308, 0.135335],
  [7, -0.865217, 0.065729],
  [8, -0.940977, 0.028566],
  [9, -0.976848, 0.011109],
  [12, -0.999278, 0.000335],
] as const;

describe('extremePoints, max', () => {
  it('has the sampled profile', async () => {
    const { at } = await channelOf({ shape: LARGE, points: CENTRE });
    for (const [d, , sampled] of PROFILE) {
      for (const value of [at(32 + d, 32, 32), at(32, 32 - d, 32), at(32, 32, 32 + d)]) {
        assertNear(value, sampled, `d = ${d}`);
      }
    }
  });

  it('does not dim points that lie close, and peaks between voxels', async () => {
    const points: Point[] = [
      [10, 8, 8],
      [14, 8, 8],
      [5, 3, 4.25],
    ];
    const { at } = await channelOf({ shape: [20, 16, 16], points });
    assert.deepEqual([at(10, 8, 8), at(14, 8, 8)], [1, 1]);
    assertNear(at(12, 8, 8), 0.800737, 'between the two');
    assertNear(at(5, 3, 4), Math.exp(-(0.25 ** 2) / 18), 'a quarter of a voxel away');
    assertNear(at(5, 3, 5), Math.exp(-(0.75 ** 2) / 18), 'three quarters away');
  });
});

// MONAI's values, computed by its own code.
describe('extremePoints, monai', () => {
  it('has the golden profile, on the axes and off them', async () => {
    const { at } = await channelOf({ shape: LARGE, points: CENTRE, kernel: 'monai' });
    for (const [d, erf] of PROFILE) {
      for (const value of [at(32 + d, 32, 32), at(32, 32 - d, 32), at(32, 32, 32 + d)]) {
        assertNear(value, erf, `d = ${d}`);
      }
    }
    assert.equal(at(32, 32, 45), -1, 'the kernel is cut at 12');
    assertNear(unit(at(33, 33, 33)), 0.847784, '(1, 1, 1)');
    assertNear(unit(at(34, 34, 34)), 0.516583, '(2, 2, 2)');
    assertNear(unit(at(35, 35, 35)), 0.226236, '(3, 3, 3)');
  });

  it('gives six points far apart 1 each, and -1 elsewhere', async () => {
    const points: Point[] = [
      [28, 64, 60],
      [98, 66, 64],
      [60, 30, 66],
      [62, 97, 60],
      [64, 63, 33],
      [66, 66, 95],
    ];
    const { at } = await channelOf({ shape: [128, 128, 128], points, kernel: 'monai' });
    for (const point of points) assertNear(at(...point), 1, `${point}`);
    assert.deepEqual([at(64, 64, 64), at(0, 0, 0)], [-1, -1]);
  });

  it('adds points that lie close, which dims the others', async () => {
    const isolated: Point[] = [
      [20, 20, 20],
      [100, 20, 100],
      [20, 100, 100],
      [100, 100, 20],
    ];
    const points: Point[] = [[60, 64, 64], [64, 64, 64], ...isolated];
    const { at } = await channelOf({ shape: [128, 128, 128], points, kernel: 'monai' });
    const row = [
      0.276679, 0.421698, 0.585898, 0.747155, 0.881435, 0.969476, 1, 0.969476, 0.881435, 0.747155,
      0.585898, 0.421698, 0.276679,
    ];
    for (const [n, x] of row.entries()) assertNear(unit(at(56 + n, 64, 64)), x, `i = ${56 + n}`);
    for (const point of isolated) assertNear(at(...point), 0.246292, `isolated ${point}`, 1.1e-6);
  });

  it('does not add points that coincide, and rounds them to voxels', async () => {
    const points: Point[] = [
      [20, 20, 20],
      [20.4, 19.6, 20],
      [44, 44, 44],
    ];
    const { at } = await channelOf({ shape: LARGE, points, kernel: 'monai' });
    assert.deepEqual([at(20, 20, 20), at(44, 44, 44)], [1, 1]);
  });

  it('takes zeros for what is beyond the border', async () => {
    const { at } = await channelOf({ shape: LARGE, points: [[0, 32, 32]], kernel: 'monai' });
    for (const [d, erf] of PROFILE) assertNear(at(d, 32, 32), erf, `d = ${d}`);
  });

  it('rescales from the least value, where the kernel fills the volume', async () => {
    const options = { shape: [16, 16, 16], points: [[8, 8, 8]], kernel: 'monai' } as const;
    const { at } = await channelOf(options);
    [1, 0.946443, 0.802375, 0.609322, 0.414477].forEach((x, d) => {
      assertNear(unit(at(8, 8, 8 + d)), x, `d = ${d}`);
    });
  });

  it('has the golden 2D values', async () => {
    const shape = [1, 9, 9] as const;
    const { at } = await channelOf({ shape, points: [[0, 4, 4]], sigma: 1, kernel: 'monai' });
    const row4 = [0.000598, 0.015609, 0.158249, 0.631273, 1];
    const row0 = [0, 0.000009, 0.000094, 0.000378, 0.000598];
    for (let k = 0; k < 9; k++) {
      const distance = Math.min(k, 8 - k);
      assertNear(unit(at(0, 4, k)), row4[distance] ?? Number.NaN, `row 4, ${k}`);
      assertNear(unit(at(0, 0, k)), row0[distance] ?? Number.NaN, `row 0, ${k}`);
    }
  });
});

describe('extremePoints', () => {
  const output = Tensor.empty('float32', [4, 4, 4]);
  const points: readonly Point[] = [[1, 1, 1]];
  const good = { points, sigma: 3, output };
  const wrong: [string, object, string, string][] = [
    ['no points', { points: [] }, 'POINTS_TOO_FEW', 'points'],
    ['too many points', { points: new Array(4097).fill([1, 1, 1]) }, 'POINTS_TOO_MANY', 'points'],
    [
      'NaN',
      {
        points: [
          [1, 1, 1],
          [1, Number.NaN, 1],
        ],
      },
      'POINT_NOT_FINITE',
      'points[1]',
    ],
    ['two coordinates', { points: [[1, 1]] }, 'POINT_NOT_FINITE', 'points[0]'],
    ['sigma 0', { sigma: 0 }, 'ARGUMENT_INVALID', 'sigma'],
    ['sigma infinite', { sigma: Infinity }, 'ARGUMENT_INVALID', 'sigma'],
    ['two axes', { output: output.select(0, 0) }, 'ARGUMENT_INVALID', 'output'],
    ['another dtype', { output: Tensor.empty('uint8', [4, 4, 4]) }, 'ARGUMENT_INVALID', 'output'],
    ['another kernel', { kernel: 'sum' }, 'ARGUMENT_INVALID', 'kernel'],
  ];
  for (const [what, change, reason, subject] of wrong) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(extremePoints({ ...good, ...change }), { reason, subject });
    });
  }
});
