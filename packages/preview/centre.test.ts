import assert from 'node:assert/strict';
import type { Vec3 } from '#geometry';
import { planesThrough } from './centre.ts';

const SHAPE: Vec3 = [4, 3, 5];

/** Run lengths of the voxels, given as indices. */
function pairsOf(voxels: readonly Vec3[]): Uint32Array {
  const [nx, ny, nz] = SHAPE;
  const values = new Uint8Array(nx * ny * nz);
  for (const [x, y, z] of voxels) values[x + nx * (y + ny * z)] = 1;
  const pairs: number[] = [];
  for (const value of values) {
    if (pairs.length > 0 && pairs.at(-2) === value) pairs.push((pairs.pop() ?? 0) + 1);
    else pairs.push(value, 1);
  }
  return Uint32Array.from(pairs);
}

describe('the planes through a mask', () => {
  it('go through its only voxel', () => {
    assert.deepEqual(planesThrough(pairsOf([[3, 1, 4]]), SHAPE), [3, 1, 4]);
  });

  it('go through the centre of a run that goes on over rows and planes', () => {
    assert.deepEqual(planesThrough(Uint32Array.of(0, 12, 1, 36, 0, 12), SHAPE), [1, 1, 2]);
  });

  it('go where there is mask, when the centre has none', () => {
    const apart: Vec3[] = [
      [0, 0, 0],
      [0, 0, 1],
      [3, 2, 4],
    ];
    assert.deepEqual(planesThrough(pairsOf(apart), SHAPE), [0, 0, 1]);
  });

  it('go through the middle without any mask', () => {
    assert.deepEqual(planesThrough(pairsOf([]), SHAPE), [1, 1, 2]);
  });
});
