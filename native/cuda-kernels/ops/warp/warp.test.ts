import assert from 'node:assert/strict';
import { BORDERS } from '../../lib/border.ts';
import { Tensor } from '../../lib/tensor.ts';
import { askNumpy } from '../../test/numpy.ts';
import { random } from '../../test/parity.ts';
import { move } from '../move/index.ts';
import { type WarpOptions, warp } from './index.ts';

const SHAPE = [19, 23, 17];
const OUTPUT = [16, 21, 25];
const TURN = [0.9, 0.2, -0.1, 1.3, -0.2, 0.8, 0.15, 2.1, 0.05, -0.1, 1.1, 0.4];

/** An image of smooth values, so that a slip of a voxel shows, and displacements at control points. */
function made(points: readonly number[], reach: number) {
  const chance = random(points.length + reach);
  const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  const image = Float32Array.from({ length: count(SHAPE) }, () => chance() * 1000);
  const moves = Float32Array.from({ length: 3 * count(points) }, () => (2 * chance() - 1) * reach);
  return {
    image,
    moves,
    bytes: Buffer.concat([image, moves].map(({ buffer }) => Buffer.from(buffer))),
  };
}

describe('warp', () => {
  it('looks where the displacement points to', async () => {
    using input = Tensor.fromArray('int16', [1, 1, 5], [10, 20, 40, 80, 160]);
    using output = Tensor.empty('float32', [1, 1, 5]);
    // Along axis 2: here, half a voxel on, one back, beyond, not a number.
    const moves = [0, 0.5, -1, 1.6, Number.NaN];
    const displacement = Tensor.fromArray(
      'float32',
      [3, 1, 1, 5],
      [...Array(10).fill(0), ...moves],
    );
    await warp({ input, output, displacement, fill: -1 });
    assert.deepEqual([...output.toArray()], [10, 30, 20, -1, -1]);
    await warp({ input, output, displacement, border: 'nearest', fill: -1 });
    assert.deepEqual([...output.toArray()], [10, 30, 20, 160, -1]);
  });

  it('holds the border for half a voxel, where resample() does', async () => {
    using input = Tensor.fromArray('int16', [1, 1, 3], [10, 20, 40]);
    using output = Tensor.empty('float32', [1, 1, 6]);
    const places = [-0.6, -0.5, -0.4, 2.4, 2.5, 2.6];
    const moves = places.map((place, n) => place - n);
    const zeros = Array(12).fill(0);
    using displacement = Tensor.fromArray('float32', [3, 1, 1, 6], [...zeros, ...moves]);
    for (const interpolation of ['linear', 'nearest'] as const) {
      await warp({ input, output, displacement, interpolation, fill: -1 });
      assert.deepEqual([...output.toArray()], [-1, 10, 10, 40, 40, -1], interpolation);
    }
  });

  it('moves everything by one control point', async () => {
    using input = Tensor.fromArray('uint8', [1, 1, 4], [1, 2, 3, 4]);
    using output = Tensor.empty('uint8', [1, 1, 4]);
    using displacement = Tensor.fromArray('float32', [3, 1, 1, 1], [0, 0, 1]);
    for (const spline of ['linear', 'cubic'] as const) {
      await warp({ input, output, displacement, spline, border: 'reflect' });
      assert.deepEqual([...output.toArray()], [2, 3, 4, 4], spline);
    }
  });

  it('reads voxels that lie further apart than 32 bits count', async () => {
    // Memory that is never touched is never there.
    using whole = Tensor.empty('uint8', [2, 2, 2 ** 30 + 8]);
    using input = whole.slice(2, 0, 8);
    const values = Array.from({ length: 32 }, (_, n) => (n * 37) % 101);
    using near = Tensor.fromArray('uint8', [2, 2, 8], values);
    await move({ input: near, output: input });
    const moves = Array.from({ length: 96 }, (_, n) => ((n * 29) % 13) / 10 - 0.6);
    using displacement = Tensor.fromArray('float32', [3, 2, 2, 8], moves);
    using output = Tensor.empty('float32', [2, 2, 8]);
    using expected = Tensor.empty('float32', [2, 2, 8]);
    await warp({ input, output, displacement, fill: -1 });
    await warp({ input: near, output: expected, displacement, fill: -1 });
    assert.deepEqual(output.toArray(), expected.toArray());
  });

  for (const border of BORDERS) {
    for (const interpolation of ['linear', 'nearest'] as const) {
      it(`gives what scipy's map_coordinates gives: ${border}, ${interpolation}`, async function () {
        for (const [spline, points, reach] of [
          ['linear', OUTPUT, 6],
          ['linear', [4, 5, 3], 9],
          ['cubic', [6, 5, 7], 12],
        ] as const) {
          const { image, moves, bytes } = made(points, reach);
          using input = Tensor.fromArray('float32', SHAPE, image);
          using displacement = Tensor.fromArray('float32', [3, ...points], moves);
          using output = Tensor.empty('float32', OUTPUT);
          const options = { input, output, displacement, spline, interpolation, border, fill: -5 };
          await warp({ ...options, outputToInput: TURN });
          const asked = scipy({ points, spline, border, interpolation });
          const expected = askNumpy(this, asked, bytes) as number[];
          assertNear(output.toArray() as Float32Array, expected, `${spline} ${points}`);
        }
      });
    }
  }

  it('stops when it is cancelled', async () => {
    using input = Tensor.empty('float32', [9, 9, 9]);
    using displacement = Tensor.empty('float32', [3, 2, 2, 2]);
    using output = Tensor.empty('float32', [600, 600, 600]);
    const controller = new AbortController();
    const job = warp({ input, output, displacement, spline: 'cubic', signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(job, { reason: 'CANCELLED' });
  });

  it('names what is wrong with its arguments', async () => {
    using input = Tensor.empty('float32', [2, 2, 2]);
    using flat = Tensor.empty('float32', [2, 2]);
    using output = Tensor.empty('float32', [2, 2, 2]);
    using displacement = Tensor.empty('float32', [3, 2, 2, 2]);
    const wrong: [string, Partial<WarpOptions>][] = [
      ['input', { input: flat }],
      ['output', { output: flat }],
      ['output', { output: input }],
      ['output', { output: displacement.select(0, 1) }],
      ['displacement', { displacement: Tensor.empty('float64', [3, 2, 2, 2]) }],
      ['displacement', { displacement: Tensor.empty('float32', [2, 2, 2, 2]) }],
      ['displacement', { displacement: Tensor.empty('float32', [3, 2, 0, 2]) }],
      ['outputToInput', { outputToInput: [1, 2, 3] }],
      ['spline', { spline: 'quintic' as 'cubic' }],
      ['interpolation', { interpolation: 'cubic' as 'linear' }],
      ['border', { border: 'wrap' as 'reflect' }],
      ['fill', { fill: '0' as unknown as number }],
    ];
    for (const [subject, change] of wrong) {
      const refused = warp({ input, output, displacement, ...change });
      await assert.rejects(refused, { reason: 'ARGUMENT_INVALID', subject });
    }
  });
});

interface Asked {
  readonly points: readonly number[];
  readonly spline: 'linear' | 'cubic';
  readonly border: string;
  readonly interpolation: 'linear' | 'nearest';
}

/**
 * The field by map_coordinates too: order 3 without prefiltering takes control points as coefficients. Its own
 * constant border begins at the outermost centres, not at the outer faces.
 */
const scipy = ({ points, spline, border, interpolation }: Asked) => `
from scipy import ndimage
numbers = np.frombuffer(data, np.float32)
image = numbers[:${SHAPE.join('*')}].reshape(${JSON.stringify(SHAPE)})
points = numbers[${SHAPE.join('*')}:].reshape([3, ${points.join(', ')}])
shape = ${JSON.stringify(OUTPUT)}
index = np.indices(shape).astype(float)
on_grid = [index[a] * (points.shape[a + 1] - 1) / (shape[a] - 1) for a in range(3)]
field = [ndimage.map_coordinates(points[c].astype(float), on_grid, order=${spline === 'cubic' ? 3 : 1},
                                 mode='mirror', prefilter=False) for c in range(3)]
turn = np.array(${JSON.stringify(TURN)}).reshape(3, 4)
at = np.einsum('ab,bxyz->axyz', turn[:, :3], index + field) + turn[:, 3][:, None, None, None]
border = '${border}'
held = 'nearest' if border == 'constant' else border
out = ndimage.map_coordinates(image, at, order=${interpolation === 'linear' ? 1 : 0}, mode=held)
if border == 'constant':
    faces = np.array(image.shape)[:, None, None, None] - 0.5
    out = np.where(((at >= -0.5) & (at <= faces)).all(0), out, -5)
print(json.dumps(out.ravel().tolist()))`;

/** Values go to 1000; ours are interpolated in float32, scipy's in float64. */
function assertNear(ours: Float32Array, expected: readonly number[], what: string): void {
  assert.equal(ours.length, expected.length);
  ours.forEach((value, n) => {
    const wanted = expected[n] ?? Number.NaN;
    assert.ok(
      Math.abs(value - wanted) <= 1e-3,
      `${what}: voxel ${n}: ${value}, by scipy ${wanted}`,
    );
  });
}
