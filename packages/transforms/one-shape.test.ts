import assert from 'node:assert/strict';
import { Tensor } from '#kernels';
import { fieldOf } from './field.ts';
import { Fields } from './fields.ts';
import { findTransform } from './registry.ts';

/** What draws one place for fields that belong together. */
const TRANSFORMS = [
  { name: 'RandAffine', fields: ['image', 'label'], prob: 1 },
  { name: 'RandAffine', fields: ['image', 'label'], prob: 0, spatial_size: [2, 2, 2] },
  { name: 'CropSubVolumeRandomWithinBounds', fields: ['image', 'label'], size: [2, 2, 2] },
  { name: 'Rand3DElastic', fields: ['image', 'label'], prob: 1 },
];

describe('fields of differing shapes', () => {
  for (const { name, ...args } of TRANSFORMS) {
    it(`are refused by name: ${name} ${JSON.stringify(args)}`, async () => {
      const bound = findTransform(name)?.bind(args, []);
      const transform = bound && 'value' in bound ? bound.value : assert.fail();
      using fields = new Fields([
        ['image', fieldOf(Tensor.empty('float32', [1, 5, 5, 5]))],
        ['label', fieldOf(Tensor.empty('uint8', [1, 5, 5, 4]), { isLabel: true })],
      ]);
      await assert.rejects(transform.run({ fields }), {
        reason: 'ARGUMENT_INVALID',
        subject: /: label$/,
      });
    });
  }
});
