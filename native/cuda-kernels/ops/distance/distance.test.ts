import assert from 'node:assert/strict';
import { Tensor } from '../../lib/tensor.ts';
import { askNumpy } from '../../test/numpy.ts';
import { random } from '../../test/parity.ts';
import { type DistanceTransformOptions, distanceTransform } from './index.ts';

const SHAPE = [37, 41, 53];

describe('distanceTransform', () => {
  it('measures to the nearest voxel of 0, in the unit of the spacing', async () => {
    using mask = Tensor.fromArray('uint8', [1, 2, 4], [0, 1, 1, 1, 1, 1, 9, 1]);
    using output = Tensor.empty('float32', [1, 2, 4]);
    await distanceTransform({ mask, output, spacing: [5, 3, 4] });
    const root = Math.fround(Math.sqrt(73));
    assert.deepEqual([...output.toArray()], [0, 4, 8, 12, 3, 5, root, Math.fround(Math.sqrt(153))]);
  });

  it('is infinite where there is no 0', async () => {
    using mask = Tensor.fromArray('uint8', [2, 1, 2], [1, 2, 3, 255]);
    using output = Tensor.empty('float32', [2, 1, 2]);
    await distanceTransform({ mask, output });
    assert.deepEqual([...output.toArray()], new Array(4).fill(Number.POSITIVE_INFINITY));
  });

  for (const spacing of [
    [1, 1, 1],
    [0.8, 0.8, 2],
    [3.7, 0.21, 1.4],
  ]) {
    for (const density of [0.0005, 0.02, 0.5]) {
      it(`gives what scipy gives: [${spacing}], ${density} of it 0`, async function () {
        const chance = random(31);
        const values = Uint8Array.from({ length: 37 * 41 * 53 }, () =>
          chance() < density ? 0 : 1,
        );
        using mask = Tensor.fromArray('uint8', SHAPE, values);
        using output = Tensor.empty('float32', SHAPE);
        await distanceTransform({ mask, output, spacing });
        const expected = askNumpy(
          this,
          `
from scipy import ndimage
mask = np.frombuffer(data, np.uint8).reshape(${JSON.stringify(SHAPE)})
print(json.dumps(ndimage.distance_transform_edt(mask, ${JSON.stringify(spacing)}).ravel().tolist()))`,
          mask.bytes(),
        ) as number[];
        output.toArray().forEach((value: number | bigint, n: number) => {
          const wanted = expected[n] ?? Number.NaN;
          const apart = Math.abs(Number(value) - wanted);
          assert.ok(
            apart <= 2 ** -22 * Math.max(1, wanted),
            `voxel ${n}: ${value}, scipy ${wanted}`,
          );
        });
      });
    }
  }

  it('stops when it is cancelled', async () => {
    using mask = Tensor.fromArray('uint8', [400, 400, 400], new Uint8Array(400 ** 3).fill(1));
    mask.bytes()[7] = 0;
    using output = Tensor.empty('float32', [400, 400, 400]);
    const controller = new AbortController();
    const job = distanceTransform({ mask, output, signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(job, { reason: 'CANCELLED' });
  });

  it('names what is wrong with its arguments', async () => {
    using mask = Tensor.empty('uint8', [2, 2, 2]);
    using output = Tensor.empty('float32', [2, 2, 2]);
    const wrong: [string, Partial<DistanceTransformOptions>][] = [
      ['mask', { mask: Tensor.empty('uint8', [2, 2]) }],
      ['mask', { mask: Tensor.empty('int8', [2, 2, 2]) }],
      ['output', { output: Tensor.empty('float32', [2, 2, 3]) }],
      ['output', { output: Tensor.empty('float64', [2, 2, 2]) }],
      ['spacing', { spacing: [1, 1] }],
      ['spacing', { spacing: [1, 0, 1] }],
      ['spacing', { spacing: [1, Number.NaN, 1] }],
      ['spacing', { spacing: [1, 1, 1e7] }],
    ];
    for (const [subject, change] of wrong) {
      const refused = distanceTransform({ mask, output, ...change });
      await assert.rejects(refused, { reason: 'ARGUMENT_INVALID', subject });
    }
  });
});
