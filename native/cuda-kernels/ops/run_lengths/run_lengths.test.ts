import assert from 'node:assert/strict';
import { Tensor } from '../../lib/tensor.ts';
import { type RunLengthsOptions, runLengths } from './index.ts';

describe('runLengths', () => {
  it('gives the example of its documentation', async () => {
    using mask = Tensor.fromArray('uint8', [1, 1, 1], [1]);
    const pairs = await runLengths({ mask, boxLow: [1, 0, 0], shape: [3, 1, 1] });
    assert.deepEqual([...pairs], [0, 1, 1, 1, 0, 1]);
  });

  it('splits runs longer than 32 bits hold, and does not walk the grid', async () => {
    const side = 2 ** 15;
    using mask = Tensor.fromArray('uint8', [2, 1, 1], [5, 5]);
    // 2^45 voxels: a walk over them would take hours.
    const pairs = await runLengths({ mask, boxLow: [0, 0, 8], shape: [side, side, side] });
    const most = 2 ** 32 - 1;
    const before = 8 * side * side;
    const after = side ** 3 - before - 2;
    const background = (length: number) => [
      ...Array.from({ length: Math.floor((length - 1) / most) }, () => [0, most]).flat(),
      ...[0, ((length - 1) % most) + 1],
    ];
    assert.deepEqual([...pairs], [...background(before), 5, 2, ...background(after)]);
  });

  it('keeps a run of exactly 32 bits whole', async () => {
    using mask = Tensor.fromArray('uint8', [1, 1, 1], [1]);
    const pairs = await runLengths({ mask, boxLow: [2 ** 32 - 1, 0, 0], shape: [2 ** 32, 1, 1] });
    assert.deepEqual([...pairs], [0, 2 ** 32 - 1, 1, 1]);
  });

  it('refuses a box that leaves the grid, and what is no mask or grid', async () => {
    using mask = Tensor.empty('uint8', [2, 3, 4]);
    using wide = Tensor.empty('uint16', [2, 3, 4]);
    const wrong: [string, Partial<RunLengthsOptions>][] = [
      ['mask', { mask: wide }],
      ['boxLow', { boxLow: [4, 0, 0] }],
      ['boxLow', { boxLow: [0, 0, -1] }],
      ['boxLow', { boxLow: [0, 0.5, 0] }],
      ['shape', { shape: [5, 5, -5] }],
      ['shape', { shape: [2 ** 20, 2 ** 20, 2 ** 20] }],
    ];
    for (const [subject, change] of wrong) {
      const refused = runLengths({ mask, boxLow: [0, 0, 0], shape: [5, 5, 5], ...change });
      await assert.rejects(refused, { reason: 'ARGUMENT_INVALID', subject });
    }
  });
});
