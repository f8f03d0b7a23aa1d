import assert from 'node:assert/strict';
import { Tensor, tensorBytes } from '#kernels';
import { fieldOf } from './field.ts';
import { Fields } from './fields.ts';
import { findTransform } from './registry.ts';

describe('memory for what a transform makes', () => {
  for (const [name, args] of [
    ['ApplyThreshold', { fields: 'image' }],
    ['ArgmaxAcrossChannels', { fields: 'image' }],
    ['BratsConvertLabels', { fields: 'image' }],
    ['NPRepChannels', { applied_keys: 'image', repeat: 2 }],
    ['FillHoles', { fields: 'image' }],
    ['RandGaussianSmooth', { fields: 'image', prob: 1 }],
  ] as const) {
    it(`is given up when ${name} is cancelled`, async () => {
      const bound = findTransform(name)?.bind(args, []);
      assert.ok(bound !== undefined && 'value' in bound);
      using fields = new Fields([['image', fieldOf(Tensor.empty('float32', [2, 8, 8, 8]))]]);
      const before = tensorBytes();
      const running = bound.value.run({ fields, signal: AbortSignal.abort() });
      await assert.rejects(running, { reason: 'CANCELLED' });
      assert.equal(tensorBytes(), before);
    });
  }
});
