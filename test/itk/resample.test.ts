import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Grid, invertAffine, transformPoint, type Vec3 } from '#geometry';
import type { Dtype } from '#kernels';
import { niftiFile, readNifti } from '#volume/nifti';
import { regrid } from '../../packages/conversion/regrid/index.ts';
import { orientations, piecesOf, testVolume, writeFiles } from './images.ts';
import { gridWords, itkImage, needsItk } from './itk-image.ts';

/** A centre on the field's outer face is inside here and outside for ITK. */
const FACE_SLACK = 1e-6;

describe('resampling beside ITK', () => {
  let folder: string;

  before(function () {
    needsItk(this);
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
  });

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const cases: { name: string; dtype: Dtype; at: number; spacingMm: Vec3; label: boolean }[] = [];
  // Spacings are 0.8, 1.1 and 2.5: n s / r is a half, a third, below one, and finer.
  for (const [name, spacingMm] of [
    ['halves', [1.6, 2.2, 5]],
    ['thirds', [2.4, 3.3, 7.5]],
    ['one voxel', [12, 12, 20]],
    ['1 mm', [1, 1, 1]],
    ['finer', [0.33, 0.5, 0.7]],
  ] as const) {
    for (const dtype of ['int16', 'uint8', 'float32'] as const) {
      for (const at of [0, 21, 48, 75]) cases.push({ name, dtype, at, spacingMm, label: false });
    }
    cases.push({ name, dtype: 'uint8', at: 60, spacingMm, label: true });
  }

  for (const { name, dtype, at, spacingMm, label } of cases) {
    const { name: place, affine } = orientations()[at] ?? assert.fail();
    it(`${label ? 'labels' : dtype}, ${name}, ${place}`, async () => {
      const volume = testVolume(affine, { dtype, shape: [13, 9, 7] });
      const path = await writeFiles(folder, 'image', [niftiFile(volume, piecesOf(volume))]);
      using source = await readNifti({ path });
      const made = await regrid(source, { format: '.nii', spacingMm, label }, {});
      using ours = made.volume;
      const out = join(folder, 'by-itk.nii');
      const words = gridWords(ours.grid);
      itkImage('resample', path, out, label ? 'nearest' : 'linear', -77, ...words);
      using theirs = await readNifti({ path: out });
      assert.equal(ours.dtype, dtype);
      assert.deepEqual(ours.grid.shape, theirs.grid.shape);
      const inside = insideOf(source.grid, ours.grid);
      compare(ours.voxels.toArray(), theirs.voxels.toArray(), { dtype, label, inside });
      volume.dispose();
    });
  }
});

/** Which voxels of the new grid have their centre within the old field, in the order of toArray. */
function insideOf(old: Grid, now: Grid): boolean[] {
  const back = invertAffine(old.affine);
  const [nx, ny, nz] = now.shape;
  const all: boolean[] = [];
  for (let i = 0; i < nx; i++) {
    for (let j = 0; j < ny; j++) {
      for (let k = 0; k < nz; k++) {
        const index = transformPoint(back, transformPoint(now.affine, [i, j, k]));
        const isInside = (at: number, n: number) =>
          at > -0.5 + FACE_SLACK && at < (old.shape[n] ?? 0) - 0.5 - FACE_SLACK;
        all.push(index.every(isInside));
      }
    }
  }
  return all;
}

function compare(
  ours: ArrayLike<number | bigint>,
  theirs: ArrayLike<number | bigint>,
  { dtype, label, inside }: { dtype: Dtype; label: boolean; inside: readonly boolean[] },
): void {
  for (const [n, isInside] of inside.entries()) {
    if (!isInside) continue;
    const [a, b] = [Number(ours[n]), Number(theirs[n])];
    const within = label ? 0 : dtype === 'float32' ? 1e-4 * Math.max(1, Math.abs(b)) : 1;
    assert.ok(Math.abs(a - b) <= within, `voxel ${n}: ${a} here, ${b} by ITK`);
  }
}
