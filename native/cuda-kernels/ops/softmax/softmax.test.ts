import assert from 'node:assert/strict';
import { Tensor } from '../../lib/tensor.ts';
import { softmax } from './index.ts';

describe('softmax', () => {
  async function of(voxels: readonly (readonly number[])[]): Promise<number[][]> {
    const channels = voxels[0]?.length ?? 0;
    // The voxels' channels lie side by side: [voxel, channel], seen as [channel, voxel, 1, 1].
    using scores = Tensor.fromArray('float32', [voxels.length, channels, 1, 1], voxels.flat());
    using input = scores.permute([1, 0, 2, 3]);
    using made = Tensor.empty('float32', [voxels.length, channels, 1, 1]);
    using output = made.permute([1, 0, 2, 3]);
    await softmax({ input, output });
    const all = Array.from(made.toArray(), Number);
    return voxels.map((_, n) => all.slice(n * channels, (n + 1) * channels));
  }

  it('sums to one, whatever is added to all channels', async () => {
    const [plain = [], far = []] = await of([
      [1, 2, 3],
      [1001, 1002, 1003],
    ]);
    const expected = [0.09003057317, 0.24472847105, 0.66524095577];
    for (const voxel of [plain, far]) {
      voxel.forEach((value, n) => {
        assert.ok(Math.abs(value - (expected[n] ?? 0)) < 1e-7, `${voxel}`);
      });
    }
  });

  it('gives an equal share to equals, and none to what lies far below', async () => {
    assert.deepEqual(
      await of([
        [4, 4, 4, 4],
        [0, -200, Number.NEGATIVE_INFINITY, -200],
      ]),
      [
        [0.25, 0.25, 0.25, 0.25],
        [1, 0, 0, 0],
      ],
    );
  });

  it('is NaN in every channel where one is, or where nothing is finite', async () => {
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
    for (const voxel of await of([
      [nan, 1],
      [1, nan],
      [inf, 1],
      [-inf, -inf],
    ])) {
      assert.ok(voxel.every(Number.isNaN), `${voxel}`);
    }
  });

  it('refuses what does not fit', async () => {
    const input = Tensor.empty('float32', [2, 3, 4, 5]);
    for (const [wrong, subject] of [
      [{ input, output: Tensor.empty('float32', [2, 3, 5, 4]) }, 'output'],
      [{ input, output: Tensor.empty('float64', [2, 3, 4, 5]) }, 'output'],
      [{ input: Tensor.empty('int16', [2, 3, 4, 5]), output: input }, 'input'],
      [{ input: Tensor.empty('float32', [3, 4, 5]), output: input }, 'input'],
      [{ input, output: input }, 'output'],
    ] as const) {
      await assert.rejects(softmax(wrong), { reason: 'ARGUMENT_INVALID', subject });
    }
  });
});
