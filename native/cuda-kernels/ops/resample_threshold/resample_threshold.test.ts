import assert from 'node:assert/strict';
import { SextantError } from '#errors';
import { Tensor } from '../../lib/tensor.ts';
import { random } from '../../test/parity.ts';
import { pointwise } from '../pointwise/index.ts';
import { resample } from '../resample/index.ts';
import { type ResampleThresholdOptions, resampleThreshold } from './index.ts';

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
/** 4 centres onto 16. */
const FOUR_TIMES = [0.25, 0, 0, -0.375, 0, 1, 0, 0, 0, 0, 1, 0];

describe('resampleThreshold', () => {
  it('sets what reaches the threshold between the centres, and says where', async () => {
    using input = Tensor.fromArray('float32', [4, 1, 1], [0, 1, 1, 0]);
    using output = Tensor.empty('uint8', [16, 1, 1]);
    const found = await resampleThreshold({
      input,
      output,
      outputToInput: FOUR_TIMES,
      atLeast: 0.5,
    });
    const set = Array.from(output.toArray(), Number);
    assert.deepEqual(set, [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
    assert.deepEqual(found, { low: [4, 0, 0], high: [12, 1, 1] });
  });

  it('leaves everything else as it is, also beyond the outer faces', async () => {
    using input = Tensor.fromArray('int16', [2, 1, 1], [9, 1]);
    using output = Tensor.fromArray('uint8', [4, 1, 1], [5, 6, 7, 8]);
    const outputToInput = [1, 0, 0, -1, 0, 1, 0, 0, 0, 0, 1, 0];
    const found = await resampleThreshold({ input, output, outputToInput, atLeast: 5 });
    assert.deepEqual(Array.from(output.toArray(), Number), [5, 1, 7, 8]);
    assert.deepEqual(found, { low: [1, 0, 0], high: [2, 1, 1] });
  });

  it('finds nothing in a field below the threshold', async () => {
    using input = Tensor.empty('float32', [4, 4, 4]);
    using output = Tensor.empty('uint8', [4, 4, 4]);
    const found = await resampleThreshold({ input, output, outputToInput: IDENTITY, atLeast: 0.5 });
    assert.deepEqual(found, { low: [0, 0, 0], high: [0, 0, 0] });
  });

  it('is resample and then a threshold, to the bit, however the output lies', async () => {
    const chance = random(16);
    // Most values near the threshold, so that a hair of a difference would show.
    const values = Array.from({ length: 9 ** 3 }, () => 0.5 + (chance() - 0.5) ** 9);
    using input = Tensor.fromArray('float32', [9, 9, 9], values);
    const step = 9 / 40;
    const start = 0.5 * step - 0.5;
    const outputToInput = [step, 0, 0, start, 0, step, 0, start, 0, 0, step, start];
    using between = Tensor.empty('float32', [40, 40, 40]);
    using expected = Tensor.empty('uint8', [40, 40, 40]);
    await resample({ input, output: between, outputToInput });
    await pointwise({ input: between, output: expected, map: { kind: 'threshold', atLeast: 0.5 } });
    for (const order of ['C', 'F'] as const) {
      using output = Tensor.empty('uint8', [40, 40, 40], { order });
      await resampleThreshold({ input, output, outputToInput, atLeast: 0.5 });
      assert.deepEqual(output.toArray(), expected.toArray());
    }
  });

  it('does not begin when it is cancelled', async () => {
    using input = Tensor.fromArray('float32', [1, 1, 1], [1]);
    using output = Tensor.empty('uint8', [1, 1, 1]);
    const signal = AbortSignal.abort();
    const options = { input, output, outputToInput: IDENTITY, atLeast: 0.5, signal };
    await assert.rejects(resampleThreshold(options), { reason: 'CANCELLED' });
    assert.deepEqual(Array.from(output.toArray(), Number), [0]);
  });

  it('names what is wrong with its arguments', async () => {
    using input = Tensor.empty('float32', [2, 2, 2]);
    using flat = Tensor.empty('uint8', [2, 2]);
    using wide = Tensor.empty('float32', [2, 2, 2]);
    using bytes = Tensor.empty('uint8', [2, 2, 2]);
    const valid = { input, output: bytes, outputToInput: IDENTITY, atLeast: 0.5 };
    const wrong: [string, Partial<ResampleThresholdOptions>][] = [
      ['input', { input: flat }],
      ['output', { output: flat }],
      ['output', { output: wide }],
      ['output', { input: bytes }],
      ['outputToInput', { outputToInput: [1, 2, 3] }],
      ['outputToInput', { outputToInput: [...IDENTITY.slice(1), Number.NaN] }],
      ['atLeast', { atLeast: Number.NaN }],
    ];
    for (const [subject, changes] of wrong) {
      await assert.rejects(
        resampleThreshold({ ...valid, ...changes }),
        (error) => error instanceof SextantError && error.subject === subject,
        subject,
      );
    }
  });
});
