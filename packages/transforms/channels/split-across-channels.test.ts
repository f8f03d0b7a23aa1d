import assert from 'node:assert/strict';
import { Tensor } from '#kernels';
import { fieldOf } from '../field.ts';
import { Fields } from '../fields.ts';
import { scaleIntensityOscillation } from '../intensity/scale-intensity-oscillation.ts';
import { splitAcrossChannels } from './split-across-channels.ts';

describe('SplitAcrossChannels', () => {
  const split = async (names: readonly string[]) => {
    const bound = splitAcrossChannels.bind({ applied_key: 'model', channel_names: names }, []);
    assert.ok('value' in bound);
    const storage = Tensor.fromArray('float32', [2, 1, 1, 2], [1, 2, 3, 4]);
    const fields = new Fields([['model', fieldOf(storage)]]);
    await bound.value.run({ fields });
    return fields;
  };
  const values = (fields: Fields, name: string) => [...fields.array(name).storage.toArray()];

  it('makes a field of each channel', async () => {
    using fields = await split(['a', 'b']);
    assert.deepEqual(values(fields, 'a'), [1, 2]);
    assert.deepEqual(values(fields, 'b'), [3, 4]);
  });

  it('may give a channel the name of the whole', async () => {
    using fields = await split(['model', 'b']);
    assert.deepEqual(values(fields, 'model'), [1, 2]);
    assert.deepEqual(values(fields, 'b'), [3, 4]);
  });

  it('leaves the whole and the other channels as they are when one is changed later', async () => {
    using fields = await split(['a', 'b']);
    const shift = scaleIntensityOscillation.bind({ field: 'a', magnitude: 5 }, []);
    assert.ok('value' in shift);
    await shift.value.run({ fields, step: 1 });
    assert.notDeepEqual(values(fields, 'a'), [1, 2]);
    assert.deepEqual(values(fields, 'model'), [1, 2, 3, 4]);
    assert.deepEqual(values(fields, 'b'), [3, 4]);
  });
});
