import assert from 'node:assert/strict';
import { Tensor } from '../../lib/tensor.ts';
import { percentiles } from '../order_statistics/index.ts';
import { statistics } from '../statistics/index.ts';
import { maskedSelect } from './index.ts';

describe('maskedSelect', () => {
  it('gives the statistics and percentiles of what a mask covers', async () => {
    using input = Tensor.fromArray('float32', [2, 3], [1, 100, 2, 0, 100, 6]);
    using mask = Tensor.fromArray('uint8', [2, 3], [1, 0, 7, 255, 0, 1]);
    using selected = await maskedSelect({ input, mask });
    assert.deepEqual([...selected.toArray()], [1, 2, 0, 6]);
    const { count, mean, max } = await statistics({ input: selected });
    assert.deepEqual([count, mean, max], [4, 2.25, 6]);
    assert.deepEqual(await percentiles({ input: selected, percents: [50] }), [1.5]);
  });

  it('gives nothing of an empty mask, and keeps a NaN that is selected', async () => {
    using input = Tensor.fromArray('float32', [3], [Number.NaN, 1, 2]);
    using none = Tensor.empty('uint8', [3]);
    using nothing = await maskedSelect({ input, mask: none });
    assert.deepEqual(nothing.shape, [0]);
    using first = Tensor.fromArray('uint8', [3], [1, 0, 0]);
    using one = await maskedSelect({ input, mask: first });
    assert.deepEqual([...one.toArray()], [Number.NaN]);
  });

  it('names what is wrong with its arguments, and stops when it is cancelled', async () => {
    using input = Tensor.empty('int16', [4, 4]);
    using wide = Tensor.empty('uint8', [4, 5]);
    const wrong = { reason: 'ARGUMENT_INVALID' };
    await assert.rejects(maskedSelect({ input, mask: input }), { ...wrong, message: /uint8/ });
    await assert.rejects(maskedSelect({ input, mask: wide }), { ...wrong, message: /4, 5/ });
    using mask = Tensor.empty('uint8', [4, 4]);
    const signal = AbortSignal.abort();
    await assert.rejects(maskedSelect({ input, mask, signal }), { reason: 'CANCELLED' });
  });
});
