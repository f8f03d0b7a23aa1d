import assert from 'node:assert/strict';
import { Tensor } from '#kernels';
import type { Field } from './field.ts';
import { splitAcrossChannels } from './split-across-channels.ts';

describe('SplitAcrossChannels', () => {
  it('makes a field of each channel', async () => {
    const bound = splitAcrossChannels.bind({ applied_key: 'model', channel_names: ['a', 'b'] }, []);
    assert.ok('value' in bound);
    using storage = Tensor.fromArray('float32', [2, 1, 1, 2], [1, 2, 3, 4]);
    const model: Field = { storage, channels: 2, rank: 4 };
    const fields = new Map([['model', model]]);
    await bound.value.run({ fields, points: [] });
    const values = (name: string) => Array.from(fields.get(name)?.storage.toArray() ?? [], Number);
    assert.deepEqual(values('a'), [1, 2]);
    assert.deepEqual(values('b'), [3, 4]);
    for (const name of ['a', 'b']) fields.get(name)?.storage.dispose();
  });
});
