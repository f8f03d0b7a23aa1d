import assert from 'node:assert/strict';
import { BORDERS } from '../../lib/border.ts';
import { Tensor } from '../../lib/tensor.ts';
import { askNumpy } from '../../test/numpy.ts';
import { random } from '../../test/parity.ts';
import { type GaussianOptions, gaussian } from './index.ts';
import { gaussianWeights } from './weights.ts';

const SHAPE = [2, 23, 17, 35];

describe('gaussian', () => {
  it('weighs by the normal density, in all by 1', () => {
    assert.deepEqual(gaussianWeights(0, 4), []);
    assert.deepEqual(gaussianWeights(0.1, 4), [1]);
    const [centre = 0, ...sides] = gaussianWeights(2, 4);
    assert.equal(sides.length, 8);
    assert.ok(Math.abs((sides[1] ?? 0) / centre - Math.exp(-0.5)) < 1e-15);
    assert.ok(Math.abs(centre + 2 * sides.reduce((a, b) => a + b, 0) - 1) < 1e-15);
  });

  it('continues a line as asked', async () => {
    const smoothed = async (options: Partial<GaussianOptions>) => {
      using input = Tensor.fromArray('uint8', [3], [1, 0, 0]);
      using output = Tensor.empty('float32', [3]);
      await gaussian({ input, output, sigma: [1], truncate: 1, ...options });
      return [...output.toArray()].map((value) => Math.round(Number(value) * 1e4) / 1e4);
    };
    assert.deepEqual(await smoothed({ border: 'reflect' }), [0.7259, 0.2741, 0]);
    assert.deepEqual(await smoothed({ border: 'nearest' }), [0.7259, 0.2741, 0]);
    assert.deepEqual(await smoothed({ border: 'constant' }), [0.4519, 0.2741, 0]);
    assert.deepEqual(await smoothed({ border: 'constant', fill: 10 }), [3.1925, 0.2741, 2.7407]);
  });

  for (const dtype of ['float32', 'int16'] as const) {
    for (const border of BORDERS) {
      it(`gives what scipy gives: ${dtype}, ${border}`, async function () {
        const chance = random(3);
        const values = Float32Array.from({ length: 2 * 23 * 17 * 35 }, () =>
          dtype === 'int16' ? Math.floor(chance() * 4000 - 1000) : chance() * 4000 - 1000,
        );
        using input = Tensor.fromArray(dtype, SHAPE, values);
        for (const [sigma, truncate] of [
          [[0, 1.5, 0.8, 2.3], 4],
          [[0, 7, 6, 0], 3],
        ] as const) {
          using output = Tensor.empty('float32', SHAPE);
          await gaussian({ input, output, sigma, truncate, border, fill: 50 });
          const expected = askNumpy(this, scipy({ dtype, sigma, truncate, border }), input.bytes());
          assertWithinUlp(output.toArray() as Float32Array, expected as number[]);
        }
      });
    }
  }

  it('stops when it is cancelled', async () => {
    using input = Tensor.empty('float32', [300, 300, 300]);
    using output = Tensor.empty('float32', [300, 300, 300]);
    const controller = new AbortController();
    const job = gaussian({ input, output, sigma: [60, 60, 60], signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(job, { reason: 'CANCELLED' });
  });

  it('names what is wrong with its arguments', async () => {
    using input = Tensor.empty('float32', [2, 3]);
    using output = Tensor.empty('float32', [2, 3]);
    using other = Tensor.empty('float64', [2, 3]);
    using turned = Tensor.empty('float32', [3, 2]);
    const wrong: [string, Partial<GaussianOptions>][] = [
      ['input', { input: Tensor.empty('float32', []), sigma: [] }],
      ['output', { output: other }],
      ['output', { output: turned }],
      ['output', { output: input }],
      ['sigma', { sigma: [1] }],
      ['sigma', { sigma: [1, -1] }],
      ['sigma', { sigma: [1, Number.NaN] }],
      ['sigma', { sigma: [1, 1e9] }],
      ['truncate', { truncate: 0 }],
      ['border', { border: 'wrap' as 'reflect' }],
      ['fill', { fill: '0' as unknown as number }],
    ];
    for (const [subject, change] of wrong) {
      const refused = gaussian({ input, output, sigma: [1, 1], ...change });
      await assert.rejects(refused, { reason: 'ARGUMENT_INVALID', subject });
    }
  });
});

interface Asked {
  readonly dtype: string;
  readonly sigma: readonly number[];
  readonly truncate: number;
  readonly border: string;
}

const scipy = ({ dtype, sigma, truncate, border }: Asked) => `
from scipy import ndimage
image = np.frombuffer(data, np.${dtype}).reshape(${SHAPE})
smooth = ndimage.gaussian_filter(image, ${JSON.stringify(sigma)}, output=np.float32,
    mode='${border}', cval=50, truncate=${truncate})
print(json.dumps(smooth.ravel().tolist()))`;

/** Both sum in float64: only where a sum lies between two float32 numbers may they round apart. */
function assertWithinUlp(ours: Float32Array, expected: readonly number[]): void {
  assert.equal(ours.length, expected.length);
  ours.forEach((value, n) => {
    const wanted = expected[n] ?? Number.NaN;
    const allowed = 2 ** -23 * Math.max(1, Math.abs(wanted));
    assert.ok(Math.abs(value - wanted) <= allowed, `voxel ${n}: ${value}, by scipy ${wanted}`);
  });
}
