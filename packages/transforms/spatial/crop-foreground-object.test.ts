import assert from 'node:assert/strict';
import { Tensor } from '#kernels';
import type { FieldTypes } from '../declaration.ts';
import { fieldOf } from '../field.ts';
import { Fields } from '../fields.ts';
import { cropForegroundObject } from './crop-foreground-object.ts';

/** A 2 x 2 x 2 cube in the middle of 6 x 6 x 6 voxels. */
const cube = (value: number) =>
  Array.from({ length: 216 }, (_, n) => {
    const place = [Math.floor(n / 36), Math.floor(n / 6) % 6, n % 6];
    return place.every((at) => at === 2 || at === 3) ? value : 0;
  });

const ARGS = { image_field: 'image', label_field: 'seg', size: [7, 7, 7], pad: 1 };
const bound = cropForegroundObject.bind(ARGS, []);
const crop = 'value' in bound ? bound.value : assert.fail();

function fieldsOf(channels: readonly (readonly number[])[]): Fields {
  const image = Tensor.fromArray('int16', [1, 6, 6, 6], cube(500));
  const label = Tensor.fromArray('float32', [channels.length, 6, 6, 6], channels.flat());
  // A label by its place in the transform alone, whatever its name.
  return new Fields([
    ['image', fieldOf(image)],
    ['seg', fieldOf(label)],
  ]);
}

describe('CropForegroundObject', () => {
  for (const [what, channels] of [
    ['a label of any name', [cube(2)]],
    ['a label of several channels', [cube(0), cube(1)]],
  ] as const) {
    it(`leaves 0 and 1 of ${what}, in one channel`, async () => {
      using fields = fieldsOf(channels);
      await crop.run({ fields });
      const label = fields.array('seg');
      assert.ok(label.isLabel);
      assert.equal(label.channels, 1);
      assert.deepEqual([...label.storage.shape], [1, 7, 7, 7]);
      const values = Array.from(label.storage.toArray(), Number);
      assert.deepEqual([...new Set(values)].toSorted(), [0, 1]);
      // The cube is half of the box of 4 voxels along each axis: 3 or 4 of 7.
      const count = values.filter((value) => value === 1).length;
      assert.ok([27, 64].includes(count), `${count}`);
    });
  }

  it('says so before it runs', () => {
    const grey = { kind: 'array', axes: 3, hasChannels: true, channels: 3 } as const;
    const types: FieldTypes = new Map([
      ['image', grey],
      ['seg', grey],
    ]);
    const written = crop.writes(types);
    assert.ok(written instanceof Map);
    assert.deepEqual(written.get('seg'), { ...grey, channels: 1, isLabel: true, shape: [7, 7, 7] });
    assert.deepEqual(written.get('image'), { ...grey, shape: [7, 7, 7] });
  });
});
