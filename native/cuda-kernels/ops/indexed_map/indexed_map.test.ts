import assert from 'node:assert/strict';
import { Tensor } from '../../lib/tensor.ts';
import { BIAS_TERMS, type IndexedMap, indexedMap } from './index.ts';

const stream = { key: [1, 2], counter: [3, 4, 5] } as const;
const noise: IndexedMap = { kind: 'noise', std: 2, stream };

describe('indexedMap', () => {
  it('adds noise of the deviation asked for, every element its own', async () => {
    using image = Tensor.empty('float32', [40, 50, 60]);
    await indexedMap({ input: image, output: image, map: noise });
    const values = [...image.toArray()].map(Number);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    assert.ok(Math.abs(mean) < 0.02, `${mean}`);
    assert.ok(Math.abs(Math.sqrt(square) - 2) < 0.02, `${square}`);
    assert.ok(new Set(values).size > 0.99 * values.length);
    const pairs = values.slice(1).reduce((sum, value, n) => sum + value * (values[n] ?? 0), 0);
    assert.ok(
      Math.abs(pairs / values.length / square) < 0.01,
      'neighbours know nothing of each other',
    );
  });

  it('multiplies by a field that is 1 without coefficients, and e to the constant one', async () => {
    using image = Tensor.fromArray('float32', [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
    using output = Tensor.empty('float32', [2, 2, 2]);
    const coefficients = new Array<number>(BIAS_TERMS).fill(0);
    await indexedMap({ input: image, output, map: { kind: 'bias', coefficients } });
    assert.deepEqual(output.toArray(), image.toArray());
    coefficients[0] = Math.LN2;
    await indexedMap({ input: image, output, map: { kind: 'bias', coefficients } });
    assert.deepEqual([...output.toArray()], [2, 4, 6, 8, 10, 12, 14, 16]);
    // The second is that of z alone: -1 at the first voxel, 1 at the last.
    coefficients[0] = 0;
    coefficients[1] = Math.LN2;
    await indexedMap({ input: image, output, map: { kind: 'bias', coefficients } });
    assert.deepEqual([...output.toArray()], [0.5, 4, 1.5, 8, 2.5, 12, 3.5, 16]);
  });

  const image = Tensor.empty('float32', [4, 4, 4]);
  const wrong: [string, Partial<Parameters<typeof indexedMap>[0]>, string][] = [
    ['another dtype of the output', { output: Tensor.empty('uint8', [4, 4, 4]) }, 'output'],
    ['another shape', { output: Tensor.empty('float32', [4, 4, 5]) }, 'output'],
    ['its own flip as output', { output: image.flip([0]) }, 'output'],
    ['a negative deviation', { map: { kind: 'noise', std: -1, stream } }, 'map.std'],
    [
      'a counter that is no word',
      { map: { kind: 'noise', std: 1, stream: { ...stream, counter: [0, 2 ** 32, 0] } } },
      'map.stream',
    ],
    ['too few coefficients', { map: { kind: 'bias', coefficients: [1] } }, 'map.coefficients'],
  ];
  for (const [what, change, subject] of wrong) {
    it(`refuses ${what}`, async () => {
      const refused = indexedMap({ input: image, output: image, map: noise, ...change });
      await assert.rejects(refused, { reason: 'ARGUMENT_INVALID', subject });
    });
  }
});
