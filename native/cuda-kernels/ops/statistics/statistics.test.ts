import assert from 'node:assert/strict';
import { availableTargets, forceTarget } from '../../lib/target.ts';
import { Tensor } from '../../lib/tensor.ts';
import { askNumpy } from '../../test/numpy.ts';
import { random } from '../../test/parity.ts';
import { type Statistics, statistics } from './index.ts';

const SHAPE = [61, 47, 83] as const;

function noisyField(): Float32Array {
  const chance = random(3);
  const length = SHAPE[0] * SHAPE[1] * SHAPE[2];
  return Float32Array.from({ length }, () => 1000 + 300 * (chance() + chance() - chance()));
}

describe('statistics', () => {
  after(() => forceTarget({}));

  it('are what numpy says in float64, also of values with a large offset', async function () {
    for (const offset of [0, 1e7]) {
      const values = Float64Array.from(noisyField(), (x) => x + offset);
      const program = `
x = np.frombuffer(data)
print(json.dumps([x.mean(), x.std(), x.min(), x.max()]))`;
      const [mean, std, min, max] = askNumpy(this, program, new Uint8Array(values.buffer)) as [
        number,
        number,
        number,
        number,
      ];
      using input = Tensor.fromArray('float64', SHAPE, values);
      const ours = await statistics({ input });
      assert.ok(Math.abs(ours.mean - mean) <= 1e-14 * mean, `mean ${ours.mean}, numpy ${mean}`);
      assert.ok(Math.abs(ours.std - std) <= 1e-12 * std, `std ${ours.std}, numpy ${std}`);
      assert.deepEqual([ours.min, ours.max, ours.count], [min, max, values.length]);
    }
  });

  it('are the same bits in every layout, variant and number of threads', async () => {
    const values = noisyField();
    using stored = Tensor.fromArray('float32', SHAPE, values);
    const seen: Statistics[] = [];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ] as const) {
      // The same field, its axes and directions stored otherwise.
      const shape = order.map((axis) => SHAPE[axis] ?? 0);
      using turned = stored.permute(order).flip([1]);
      using copy = Tensor.fromArray('float32', shape, turned.toArray());
      using input = copy.flip([1]).permute(order.map((_, axis) => order.indexOf(axis as 0)));
      assert.deepEqual(input.toArray(), values);
      for (const target of availableTargets().filter((name) => name !== 'cuda')) {
        for (const threads of [1, 2, 5]) {
          forceTarget({ target, threads });
          seen.push(await statistics({ input, skipZeros: true }));
        }
      }
    }
    assert.ok(seen.length >= 18);
    for (const one of seen) assert.deepEqual(one, seen[0]);
  });

  it('names nothing of nothing', async () => {
    using input = Tensor.fromArray('float32', [3], [Number.NaN, 0, Number.NEGATIVE_INFINITY]);
    assert.deepEqual(await statistics({ input, skipZeros: true }), {
      count: 0,
      mean: Number.NaN,
      std: Number.NaN,
      min: Number.NaN,
      max: Number.NaN,
      nanCount: 1,
      infCount: 1,
    });
  });
});
