import assert from 'node:assert/strict';
import { identityMap } from '#geometry';
import { Tensor } from '#kernels';
import { fieldOf } from '../field.ts';
import { deformed } from './elastic.ts';

/** Ones, every voxel of which looks so far along x. */
async function onesMovedBy(voxels: number, isLabel: boolean): Promise<number[]> {
  const storage = Tensor.fromArray('uint8', [1, 4, 3, 3], Array(36).fill(1));
  using points = Tensor.fromArray('float32', [3, 1, 1, 1], [voxels, 0, 0]);
  const deformation = { size: [4, 3, 3], toInput: identityMap, points } as const;
  const field = await deformed(fieldOf(storage, { isLabel }), deformation, {});
  const planes = Array.from(field.storage.toArray(), Number);
  for (const tensor of [storage, field.storage]) tensor.dispose();
  return [0, 9, 18, 27].map((n) => planes[n] ?? Number.NaN);
}

describe('a deformation', () => {
  for (const isLabel of [false, true]) {
    it(`keeps the outermost voxels up to the outer faces: ${isLabel ? 'labels' : 'grey values'}`, async () => {
      assert.deepEqual(await onesMovedBy(0.02, isLabel), [1, 1, 1, 1]);
      assert.deepEqual(await onesMovedBy(-0.48, isLabel), [1, 1, 1, 1]);
    });

    it(`is 0 beyond them: ${isLabel ? 'labels' : 'grey values'}`, async () => {
      assert.deepEqual(await onesMovedBy(0.52, isLabel), [1, 1, 1, 0]);
      assert.deepEqual(await onesMovedBy(-1.52, isLabel), [0, 0, 1, 1]);
    });
  }
});
