import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import type { Affine } from '#geometry';
import { Tensor } from '#kernels';
import { metaImageFiles, readMetaImage } from '#volume/metaimage';
import { niftiFile, readNifti } from '#volume/nifti';
import { nrrdFile, readNrrd } from '#volume/nrrd';
import { type ImageFile, type Volume, voxelPieces } from './index.ts';

const AFFINE: Affine = [-0.8, 0.6, 0, 10, 0.6, 0.8, 0, -20, 0, 0, 2.5, 30, 0, 0, 0, 1];
const SHAPE = [3, 4, 2] as const;
const FRAMES = 5;

const FORMATS = {
  NIfTI: {
    write: (about: About, voxels: Tensor) => niftiFile(about, voxelPieces(voxels)),
    read: readNifti,
  },
  MetaImage: {
    write: (about: About, voxels: Tensor) =>
      metaImageFiles(about, voxelPieces(voxels), { stem: 'a', isOneFile: true })[0] as ImageFile,
    read: readMetaImage,
  },
  NRRD: {
    write: (about: About, voxels: Tensor) => nrrdFile(about, voxelPieces(voxels)),
    read: readNrrd,
  },
} as const;

type About = Omit<Volume, 'voxels' | 'warnings' | 'dispose'>;

describe('an image with a fourth axis', () => {
  for (const [name, { write, read }] of Object.entries(FORMATS)) {
    for (const timeStepSeconds of [2.5, undefined]) {
      const what = timeStepSeconds === undefined ? 'no time step' : 'its time step';
      it(`keeps frames, grid, voxels and ${what} as ${name}`, async () => {
        const values = Array.from({ length: 3 * 4 * 2 * FRAMES }, (_, n) => 7 * n - 300);
        using voxels = Tensor.fromArray('int16', [...SHAPE, FRAMES], values, { order: 'F' });
        const scale = { slope: 1, intercept: 0 };
        const grid = { shape: SHAPE, affine: AFFINE };
        const about = { grid, dtype: 'int16', scale, frames: FRAMES, timeStepSeconds } as const;
        using back = await read({ bytes: await buffer(write(about, voxels).pieces) });
        assert.deepEqual([back.grid.shape, back.frames], [SHAPE, FRAMES]);
        assert.deepEqual(back.voxels.toArray(), voxels.toArray());
        back.grid.affine.forEach((value, n) => {
          assert.ok(Math.abs(value - (AFFINE[n] ?? 0)) < 1e-5, `${back.grid.affine}`);
        });
        // MetaImage has a spacing for every axis, and none that says nothing.
        const expected = timeStepSeconds ?? (name === 'MetaImage' ? 1 : undefined);
        assert.equal(back.timeStepSeconds, expected);
      });
    }
  }
});
