import assert from 'node:assert/strict';
import { Tensor } from '../../lib/tensor.ts';
import { argmax } from './index.ts';

describe('argmax', () => {
  it('takes the first of equals, and never NaN', async () => {
    const voxels = [
      [0.5, 0.5, 0.1],
      [0.1, 0.4, 0.4],
      [Number.NaN, 0.1, 0.2],
      [0.3, Number.NaN, 0.2],
      [Number.NaN, Number.NaN, Number.NaN],
      [Number.NaN, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
      [-0, 0, -0],
    ];
    // The voxels' channels lie side by side: [voxel, channel], seen as [channel, voxel, 1, 1].
    using probabilities = Tensor.fromArray('float32', [7, 3, 1, 1], voxels.flat());
    using input = probabilities.permute([1, 0, 2, 3]);
    using output = Tensor.empty('uint8', [7, 1, 1]);
    await argmax({ input, output });
    assert.deepEqual([...output.toArray()], [0, 1, 2, 0, 0, 1, 0]);
  });

  const wrong: [string, Tensor, Tensor, string][] = [
    ['dtype', Tensor.empty('float64', [2, 3, 4, 5]), Tensor.empty('uint8', [3, 4, 5]), 'input'],
    ['axes', Tensor.empty('float32', [3, 4, 5]), Tensor.empty('uint8', [3, 4, 5]), 'input'],
    [
      'no channel',
      Tensor.empty('float32', [0, 1, 1, 1]),
      Tensor.empty('uint8', [1, 1, 1]),
      'input',
    ],
    ['257', Tensor.empty('float32', [257, 1, 1, 1]), Tensor.empty('uint8', [1, 1, 1]), 'input'],
    ['shape', Tensor.empty('float32', [2, 3, 4, 5]), Tensor.empty('uint8', [3, 5, 4]), 'output'],
    ['type', Tensor.empty('float32', [2, 3, 4, 5]), Tensor.empty('int8', [3, 4, 5]), 'output'],
  ];
  for (const [what, input, output, subject] of wrong) {
    it(`refuses: ${what}`, async () => {
      await assert.rejects(argmax({ input, output }), { reason: 'ARGUMENT_INVALID', subject });
    });
  }
});
