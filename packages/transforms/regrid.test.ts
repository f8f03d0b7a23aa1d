import assert from 'node:assert/strict';
import { composeMaps, type IndexMap, transformPoint, type Vec3 } from '#geometry';
import { Tensor } from '#kernels';
import { type Field, fieldOf, shapeOf } from './field.ts';
import { wholeImage } from './place.ts';
import { type Regrid, regridField, settle } from './regrid.ts';

const SHAPE: Vec3 = [5, 4, 3];
const AFFINE = [2, 0, 0, -7, 0, 3, 0, 1, 0, 0, 1.5, 4, 0, 0, 0, 1];

/** Each voxel holds 100 x + 10 y + z of the place that it had first. */
function image(): Field {
  const values = Array.from({ length: 60 }, (_, n) => {
    const [x, y, z] = [Math.floor(n / 12), Math.floor(n / 3) % 4, n % 3];
    return 100 * x + 10 * y + z;
  });
  const storage = Tensor.fromArray('int16', [1, ...SHAPE], values);
  return fieldOf(storage, { place: wholeImage({ shape: SHAPE, affine: AFFINE }), isLabel: true });
}

const CROP: Regrid = { shape: [2, 3, 1], toInput: [1, 0, 0, 2, 0, 1, 0, 1, 0, 0, 1, 2] };
const TURN: Regrid = { shape: [4, 5, 3], toInput: [0, 1, 0, 0, -1, 0, 0, 3, 0, 0, -1, 2] };
const PAD: Regrid = { shape: [7, 4, 5], toInput: [1, 0, 0, -1, 0, 1, 0, 0, 0, 0, 1, -1], fill: -5 };

describe('regridField', () => {
  for (const [what, regrid, isView] of [
    ['a crop', CROP, true],
    ['a turn with two flips', TURN, true],
    ['a crop that reaches outside', PAD, false],
  ] as const) {
    it(`reads ${what} voxel by voxel${isView ? ', without a copy' : ''}`, async () => {
      const before = image();
      const after = await regridField(before, regrid);
      assert.deepEqual(shapeOf(after), regrid.shape);
      assertReads(after, regrid.toInput, regrid.fill ?? 0);
      // What is written to the one is seen in the other exactly if they share memory.
      new Int16Array(before.storage.bytes().buffer).fill(9);
      const isShared = [...after.storage.toArray()].every((value) => value === 9);
      assert.equal(isShared, isView);
      before.storage.dispose();
      after.storage.dispose();
    });
  }

  it('keeps the way back to the file through any sequence', async () => {
    let field = image();
    let toFirst: IndexMap = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
    for (const regrid of [TURN, CROP, PAD, TURN]) {
      const next = await regridField(field, regrid);
      field.storage.dispose();
      toFirst = composeMaps(toFirst, regrid.toInput);
      field = next;
      assert.deepEqual(field.place?.toOrigin, toFirst);
    }
    field.storage.dispose();
  });

  it('joins interpolations to one when asked, and then reads the first image', async () => {
    const grey = { ...image(), isLabel: false };
    const finer: Regrid = {
      shape: [10, 8, 6],
      toInput: [0.5, 0, 0, -0.25, 0, 0.5, 0, -0.25, 0, 0, 0.5, -0.25],
    };
    const inside: Regrid = {
      shape: [3, 3, 3],
      toInput: [1.25, 0, 0, 2, 0, 1.25, 0, 2, 0, 0, 1, 2],
    };
    const waiting = await regridField(grey, finer, { fuse: true });
    assert.deepEqual([...waiting.storage.shape], [1, ...SHAPE]);
    assert.deepEqual(shapeOf(waiting), finer.shape);
    const both = await regridField(waiting, inside, { fuse: true });
    const done = await settle(both);
    // The image is linear, and so is every interpolation of it.
    const map = composeMaps(finer.toInput, inside.toInput);
    const values = [...done.storage.toArray()];
    eachIndex(inside.shape, (index, n) => {
      const [x, y, z] = transformPoint(map, index);
      const wanted = 100 * x + 10 * y + z;
      assert.ok(Math.abs(Number(values[n]) - wanted) < 1e-3, `${index}: ${values[n]}, ${wanted}`);
    });
    for (const field of [grey, waiting, both, done]) field.storage.dispose();
  });

  it('does not show again what a crop has cut off, fused or not', async () => {
    for (const fuse of [false, true]) {
      const before = image();
      const crop = await regridField(before, CROP, { fuse });
      const pad = await regridField(crop, PAD, { fuse });
      const done = await settle(pad);
      const values = [...done.storage.toArray()].map(Number);
      assert.equal(values.filter((value) => value !== -5).length, 2 * 3 * 1, `fuse: ${fuse}`);
      for (const field of [before, crop, pad, done]) field.storage.dispose();
    }
  });
});

/** Every voxel of `field` is the one that `toInput` says, or the fill where that is outside. */
function assertReads(field: Field, toInput: IndexMap, fill: number): void {
  const values = [...field.storage.toArray()];
  eachIndex(shapeOf(field), (index, n) => {
    const [x, y, z] = transformPoint(toInput, index);
    const inside = [x, y, z].every((at, axis) => at >= 0 && at < (SHAPE[axis] ?? 0));
    assert.equal(values[n], inside ? 100 * x + 10 * y + z : fill, index.join(' '));
  });
}

function eachIndex([nx, ny, nz]: Vec3, visit: (index: Vec3, n: number) => void): void {
  for (let x = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      for (let z = 0; z < nz; z++) visit([x, y, z], (x * ny + y) * nz + z);
    }
  }
}
