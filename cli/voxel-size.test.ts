import assert from 'node:assert/strict';
import { millilitres, voxelMm3 } from './voxel-size.ts';

describe('the volume of a voxel', () => {
  it('is the product of the spacing, also for flipped, turned and permuted axes', () => {
    const half = Math.SQRT1_2;
    const turned = [2 * half, -3 * half, 0, 9, 2 * half, 3 * half, 0, 9, 0, 0, 4, 9, 0, 0, 0, 1];
    const permuted = [0, 0, -4, 9, 2, 0, 0, 9, 0, 3, 0, 9, 0, 0, 0, 1];
    for (const affine of [turned, permuted]) {
      assert.ok(Math.abs(voxelMm3(affine) - 24) < 1e-9, `${voxelMm3(affine)}`);
    }
  });

  it('is that of a slanted voxel, not the product of its edges', () => {
    assert.equal(voxelMm3([1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]), 1);
  });
});

describe('a volume on the screen', () => {
  it('has three figures, and all before the point', () => {
    const told = [0, 0.00412, 3.696, 1234.5].map(millilitres);
    assert.deepEqual(told, ['0 ml', '0.00412 ml', '3.7 ml', '1235 ml']);
  });
});
