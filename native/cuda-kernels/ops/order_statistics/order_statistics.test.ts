import assert from 'node:assert/strict';
import { Tensor } from '../../lib/tensor.ts';
import { askNumpy } from '../../test/numpy.ts';
import { random } from '../../test/parity.ts';
import { percentiles } from './index.ts';

describe('percentiles', () => {
  it('are what numpy says of float64, to the bit', async function () {
    const chance = random(5);
    const percents = [0, 0.5, 1, 2.5, 10, 33.3, 50, 66.67, 90, 99.5, 99.9, 100];
    for (const count of [1, 2, 3, 10, 1000, 110_593]) {
      const values = Float32Array.from({ length: count }, () => (chance() - 0.3) * 1e3);
      const program = `
x = np.frombuffer(data, np.float32).astype(np.float64)
print(json.dumps(np.percentile(x, ${JSON.stringify(percents)}).tolist()))`;
      const expected = askNumpy(this, program, new Uint8Array(values.buffer));
      using input = Tensor.fromArray('float32', [count], values);
      assert.deepEqual(await percentiles({ input, percents }), expected, `of ${count}`);
    }
  });

  const wrong: [string, () => Tensor, number[], string][] = [
    ['a NaN', () => Tensor.fromArray('float32', [3], [1, Number.NaN, 2]), [50], 'input'],
    ['no elements', () => Tensor.empty('float32', [0, 3]), [50], 'input'],
    ['another dtype', () => Tensor.empty('int16', [3]), [50], 'input'],
    ['a percent above 100', () => Tensor.empty('float32', [3]), [50, 100.1], 'percents[1]'],
    ['a percent that is none', () => Tensor.empty('float32', [3]), [Number.NaN], 'percents[0]'],
    ['too many', () => Tensor.empty('float32', [3]), new Array(257).fill(1), 'percents'],
  ];
  for (const [what, make, percents, subject] of wrong) {
    it(`refuse ${what}`, async () => {
      using input = make();
      const refused = percentiles({ input, percents });
      await assert.rejects(refused, { reason: 'ARGUMENT_INVALID', subject });
    });
  }
});
