import assert from 'node:assert/strict';
import { Tensor } from '#kernels';
import { fieldOf } from '../field.ts';
import { Fields } from '../fields.ts';
import { foregroundOf, foregroundOfOne, maskOf } from './foreground.ts';

const SHAPE = [4, 3, 2];
/** Voxels in C order; each channel has its own. */
const CHANNELS = [[5, 6], [6, 13], [22]];

function labelOf(channels: readonly (readonly number[])[], values = [1, 1, 1]): Fields {
  const voxels = channels.flatMap((there, channel) =>
    Array.from({ length: 24 }, (_, n) => (there.includes(n) ? (values[channel] ?? 1) : 0)),
  );
  const storage = Tensor.fromArray('uint8', [channels.length, ...SHAPE], voxels);
  return new Fields([['label', fieldOf(storage, { isLabel: true })]]);
}

/** Which voxels of a mask are 1; it holds nothing but 0 and 1. */
function voxelsOf(mask: Tensor): number[] {
  const values = Array.from(mask.toArray(), Number);
  mask.dispose();
  assert.ok(values.every((value) => value === 0 || value === 1));
  return values.flatMap((value, n) => (value === 1 ? [n] : []));
}

describe('the foreground of a label', () => {
  it('is where any channel has it', async () => {
    using fields = labelOf(CHANNELS);
    const { mask, runs, box } = await foregroundOf('label', { fields });
    assert.equal(runs.count, 4);
    assert.deepEqual(box, { low: [0, 0, 0], high: [4, 3, 2] });
    assert.deepEqual(voxelsOf(mask), [5, 6, 13, 22]);
  });

  it('leaves channels out that are not in use', async () => {
    using fields = labelOf(CHANNELS);
    const field = fields.array('label');
    fields.set('label', { ...field, channels: 2 });
    const { mask } = await maskOf('label', { fields });
    assert.deepEqual(voxelsOf(mask), [5, 6, 13]);
  });

  it('is found where the first channel is empty', async () => {
    using fields = labelOf([[], [7]]);
    const { mask } = await foregroundOf('label', { fields });
    assert.deepEqual(voxelsOf(mask), [7]);
  });

  it('is empty only where every channel is', async () => {
    using fields = labelOf([[], [], []]);
    await assert.rejects(foregroundOf('label', { fields }), { reason: 'LABEL_EMPTY' });
    await assert.rejects(foregroundOfOne('label', { fields }), { reason: 'LABEL_EMPTY' });
  });

  it('of one label drawn is where any channel has that one', async () => {
    using fields = labelOf(CHANNELS, [3, 4, 3]);
    const found = new Set<string>();
    for (let item = 0; item < 20; item++) {
      const sample = { seed: 1, epoch: 0, item };
      const { mask } = await foregroundOfOne('label', { fields, sample });
      found.add(voxelsOf(mask).join(' '));
    }
    assert.deepEqual([...found].toSorted(), ['5 6 22', '6 13']);
  });
});
