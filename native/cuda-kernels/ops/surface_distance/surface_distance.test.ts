import assert from 'node:assert/strict';
import { Tensor } from '../../lib/tensor.ts';
import { askNumpy } from '../../test/numpy.ts';
import { type SurfaceDistancesOptions, surfaceDistances } from './index.ts';

const SHAPE = [40, 44, 38];

/** A lump: a ball whose radius goes up and down with the direction. */
function lump(centre: readonly number[], radius: number, waves: number): Tensor {
  const [, ny = 0, nz = 0] = SHAPE;
  const voxels = Uint8Array.from({ length: 40 * 44 * 38 }, (_, n) => {
    const place = [Math.floor(n / ny / nz), Math.floor(n / nz) % ny, n % nz];
    const [x = 0, y = 0, z = 0] = place.map((at, axis) => at - (centre[axis] ?? 0));
    const here =
      radius * (1 + 0.2 * Math.sin(waves * Math.atan2(y, x)) * Math.cos(waves * 0.1 * z));
    return Math.hypot(x, y, z) <= here ? 1 : 0;
  });
  return Tensor.fromArray('uint8', SHAPE, voxels);
}

describe('surfaceDistances', () => {
  it('measures between voxel centres, in mm', async () => {
    // Two bars of one voxel's thickness, from 0 to 3 and from 2 to 9.
    using prediction = Tensor.fromArray('uint8', [1, 1, 10], [1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    using reference = Tensor.fromArray('uint8', [1, 1, 10], [0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    const found = await surfaceDistances({
      prediction,
      reference,
      spacing: [1, 1, 2],
      percentile: 50,
    });
    assert.deepEqual(found.fromPrediction, { voxels: 4, meanMm: 1.5, percentileMm: 1, maxMm: 4 });
    // 0, 0, 2, 4, ... 12
    assert.deepEqual(found.fromReference, { voxels: 8, meanMm: 5.25, percentileMm: 5, maxMm: 12 });
    assert.equal(found.hausdorffMm, 12);
    assert.equal(found.hausdorffPercentileMm, 5);
    assert.equal(found.averageSymmetricMm, (6 + 42) / 12);
  });

  it('is infinite where one is empty, and no number where both are', async () => {
    using nothing = Tensor.empty('uint8', [2, 2, 2]);
    using something = Tensor.fromArray('uint8', [2, 2, 2], [0, 0, 0, 0, 0, 0, 0, 3]);
    const figures = async (prediction: Tensor, reference: Tensor) => {
      const found = await surfaceDistances({ prediction, reference, spacing: [1, 1, 1] });
      return [found.hausdorffMm, found.hausdorffPercentileMm, found.averageSymmetricMm];
    };
    assert.deepEqual(await figures(nothing, something), Array(3).fill(Number.POSITIVE_INFINITY));
    assert.deepEqual(await figures(something, nothing), Array(3).fill(Number.POSITIVE_INFINITY));
    assert.deepEqual(await figures(nothing, nothing), Array(3).fill(Number.NaN));
    assert.deepEqual(await figures(something, something), [0, 0, 0]);
  });

  for (const spacing of [
    [1, 1, 1],
    [0.8, 0.8, 2],
    [3, 0.5, 1.2],
  ]) {
    it(`gives what MONAI's definitions give in scipy: [${spacing}]`, async function () {
      using prediction = lump([19, 20, 18], 12, 5);
      using reference = lump([21, 19, 17], 13, 3);
      const found = await surfaceDistances({ prediction, reference, spacing });
      const program = `
from scipy import ndimage
a, b = np.frombuffer(data, np.uint8).reshape(2, *${JSON.stringify(SHAPE)}).astype(bool)
edges = lambda mask: ndimage.binary_erosion(mask) ^ mask
def directed(of, to):
    return ndimage.distance_transform_edt(~edges(to), sampling=${JSON.stringify(spacing)})[edges(of)]
there, back = directed(a, b), directed(b, a)
print(json.dumps([max(there.max(), back.max()),
                  max(np.percentile(there, 95), np.percentile(back, 95)),
                  np.concatenate([there, back]).mean()]))`;
      const both = Buffer.concat([prediction.bytes(), reference.bytes()]);
      const expected = askNumpy(this, program, both) as number[];
      const ours = [found.hausdorffMm, found.hausdorffPercentileMm, found.averageSymmetricMm];
      ours.forEach((mm, n) => {
        const wanted = expected[n] ?? Number.NaN;
        assert.ok(Math.abs(mm - wanted) <= 1e-6 * wanted, `figure ${n}: ${mm}, by scipy ${wanted}`);
      });
    });
  }

  it('names what is wrong with its arguments', async () => {
    using prediction = Tensor.empty('uint8', [2, 2, 2]);
    using reference = Tensor.empty('uint8', [2, 2, 2]);
    const wrong: [string, Partial<SurfaceDistancesOptions>][] = [
      ['prediction', { prediction: Tensor.empty('uint8', [2, 2]) }],
      ['reference', { reference: Tensor.empty('int8', [2, 2, 2]) }],
      ['reference', { reference: Tensor.empty('uint8', [2, 2, 3]) }],
      ['label', { label: 0 }],
      ['spacing', { spacing: [1, 1, -1] }],
      ['percentile', { percentile: 101 }],
      ['percentile', { percentile: Number.NaN }],
    ];
    for (const [subject, change] of wrong) {
      const refused = surfaceDistances({ prediction, reference, spacing: [1, 1, 1], ...change });
      await assert.rejects(refused, { reason: 'ARGUMENT_INVALID', subject });
    }
  });
});
