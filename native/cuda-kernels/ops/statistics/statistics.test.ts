import assert from 'node:assert/strict';
import { availableTargets, forceTarget } from '../../lib/target.ts';
import { Tensor } from '../../lib/tensor.ts';
import { askNumpy } from '../../test/numpy.ts';
import { random } from '../../test/parity.ts';
import { sampleValues } from '../../test/sample-values.ts';
import { type Statistics, statistics } from './index.ts';

const SHAPE = [61, 47, 83] as const;

function noisyField(): Float32Array {
  const chance = random(3);
  const length = SHAPE[0] * SHAPE[1] * SHAPE[2];
  return Float32Array.from({ length }, () => 1000 + 300 * (chance() + chance() - chance()));
}

/** In whole numbers as far as they go: count * (sum of squares) - sum^2 is count^2 times the variance. */
function exactly(input: Tensor, skipZeros: boolean): Partial<Statistics> {
  const all = Array.from(input.toArray() as ArrayLike<number>);
  const values = skipZeros ? all.filter((x) => x !== 0) : all;
  const count = BigInt(values.length);
  const sum = values.reduce((total, x) => total + BigInt(x), 0n);
  const squares = values.reduce((total, x) => total + BigInt(x) * BigInt(x), 0n);
  return {
    count: values.length,
    mean: Number(sum) / values.length,
    std: Math.sqrt(Number(count * squares - sum * sum) / values.length / values.length),
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
  };
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

  it('of integers of up to 32 bits are exact, in any layout', async () => {
    for (const dtype of ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32'] as const) {
      const values = sampleValues(dtype, 45 * 37 * 41).map((x, n) => (n % 5 === 0 ? 0 : x));
      using stored = Tensor.fromArray(dtype, [45, 37, 41], values);
      using turned = stored.permute([2, 0, 1]).flip([0, 2]);
      using file = Tensor.fromArray(dtype, [41, 45, 37], turned.toArray());
      using part = stored.slice(2, 1, 40).slice(0, 3, 44);
      using thin = stored.select(2, 5);
      for (const input of [stored, turned, file, part, thin]) {
        for (const skipZeros of [false, true]) {
          const expected = exactly(input, skipZeros);
          for (const target of availableTargets().filter((name) => name !== 'cuda')) {
            forceTarget({ target, threads: 2 });
            const { count, mean, std, min, max } = await statistics({ input, skipZeros });
            assert.deepEqual({ count, mean, std, min, max }, expected, `${dtype}, ${target}`);
          }
        }
      }
    }
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
