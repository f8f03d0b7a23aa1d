import assert from 'node:assert/strict';
import { SextantError } from '#errors';
import { Tensor } from '../../lib/tensor.ts';
import { type ResampleOptions, resample } from './index.ts';

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
const OBLIQUE = [0.9, 0.2, -0.1, 1.3, -0.2, 0.8, 0.15, 2.1, 0.05, -0.1, 1.1, 0.4];

async function along(positions: number[], options: Partial<ResampleOptions> = {}) {
  using input = Tensor.fromArray('int16', [4, 1, 1], [10, 20, 40, 80]);
  const values: (number | bigint | undefined)[] = [];
  for (const at of positions) {
    using output = Tensor.empty('float32', [1, 1, 1]);
    const outputToInput = [1, 0, 0, at, 0, 1, 0, 0, 0, 0, 1, 0];
    await resample({ input, output, outputToInput, fill: -1, ...options });
    values.push(output.toArray()[0]);
  }
  return values;
}

describe('resample', () => {
  it('interpolates between centres, holds the border half a voxel, fills beyond', async () => {
    const values = await along([-0.51, -0.5, 0, 0.5, 1.25, 3, 3.5, 3.51]);
    assert.deepEqual(values, [-1, 10, 10, 15, 25, 80, 80, -1]);
  });

  it('takes the nearest centre, halves upwards', async () => {
    const values = await along([-0.5, 0.49, 0.5, 2.5, 3.5, 4], { interpolation: 'nearest' });
    assert.deepEqual(values, [10, 10, 20, 80, 80, -1]);
  });

  it('scales values, not the fill', async () => {
    const values = await along([0.5, 9], { scale: { slope: 2, intercept: -5 } });
    assert.deepEqual(values, [25, -1]);
  });

  it('rounds halves to even, saturates and keeps labels that no real holds', async () => {
    using input = Tensor.fromArray('float32', [5, 1, 1], [0.5, 1.5, -300, 300, Number.NaN]);
    using bytes = Tensor.empty('uint8', [6, 1, 1]);
    await resample({ input, output: bytes, outputToInput: IDENTITY, fill: 7 });
    assert.deepEqual([...bytes.toArray()], [0, 2, 0, 255, 0, 7]);
    const labels = [2n ** 53n + 1n, -(2n ** 62n) - 1n];
    using wide = Tensor.fromArray('int64', [2, 1, 1], labels);
    using kept = Tensor.empty('int64', [2, 1, 1]);
    const outputToInput = [1, 0, 0, 0.25, 0, 1, 0, 0, 0, 0, 1, 0];
    await resample({ input: wide, output: kept, outputToInput, interpolation: 'nearest' });
    assert.deepEqual([...kept.toArray()], labels);
  });

  it('keeps a constant volume constant, to the bit', async () => {
    const constant = Math.fround(0.1);
    using input = Tensor.fromArray('float32', [6, 6, 6], new Array(216).fill(constant));
    using output = Tensor.empty('float32', [9, 9, 9]);
    await resample({ input, output, outputToInput: OBLIQUE, fill: constant });
    assert.deepEqual(new Set(output.toArray() as Float32Array), new Set([constant]));
  });

  it('does not depend on how the input is stored', async () => {
    const values = Array.from({ length: 6 * 7 * 8 }, (_, n) => ((n * 7919) % 1009) / 7);
    using plain = Tensor.fromArray('float32', [6, 7, 8], values);
    using file = Tensor.empty('float32', [8, 6, 7], { order: 'F' });
    // The same voxels, stored with axes permuted and two of them backwards.
    using stored = file.permute([1, 2, 0]).flip([0, 2]);
    await resample({ input: plain, output: stored, outputToInput: IDENTITY });
    using a = Tensor.empty('float32', [9, 9, 9]);
    using b = Tensor.empty('float32', [9, 9, 9], { order: 'F' });
    await resample({ input: plain, output: a, outputToInput: OBLIQUE });
    await resample({ input: stored, output: b, outputToInput: OBLIQUE });
    assert.deepEqual(a.toArray(), b.toArray());
  });

  it('names what is wrong with its arguments', async () => {
    using input = Tensor.empty('float32', [2, 2, 2]);
    using flat = Tensor.empty('float32', [2, 2]);
    using output = Tensor.empty('float32', [2, 2, 2]);
    using shifted = input.slice(0, 1, 2);
    const valid = { input, output, outputToInput: IDENTITY };
    await resample(valid);
    const wrong: [string, Partial<ResampleOptions>][] = [
      ['input', { input: flat }],
      ['output', { output: flat }],
      ['output', { output: input }],
      ['output', { output: shifted }],
      ['outputToInput', { outputToInput: [1, 2, 3] }],
      ['outputToInput', { outputToInput: [...IDENTITY.slice(1), Number.NaN] }],
      ['interpolation', { interpolation: 'cubic' as 'linear' }],
      ['scale.slope', { scale: { slope: Number.POSITIVE_INFINITY, intercept: 0 } }],
    ];
    for (const [subject, changes] of wrong) {
      await assert.rejects(
        resample({ ...valid, ...changes }),
        (error) => error instanceof SextantError && error.subject === subject,
        subject,
      );
    }
  });
});
