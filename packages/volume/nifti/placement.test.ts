import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tensor } from '#kernels';
import { readNifti } from './read.ts';
import { askNibabel } from './testing/nibabel.ts';
import { type SyntheticImage, syntheticNifti } from './testing/synthetic.ts';
import { writeNifti } from './write.ts';

const SFORM = [0, -2, 0, 10, 3, 0, 0, 20, 0, 0, 4, 30];
const SHEARED = [3, 0.5, 0, -10, 0, 2, 0.1, 20, 0, 0, 4, 30];
/** The same as SFORM. */
const QFORM = { quaternion: [0, 0, Math.SQRT1_2], pixdim: [1, 3, 2, 4], offset: [10, 20, 30] };

const IMAGES: Readonly<Record<string, SyntheticImage>> = {
  'MNI in both': { sformCode: 4, qformCode: 4, sform: SFORM, ...QFORM },
  'an aligned sform alone': { sformCode: 2, qformCode: 0, sform: SFORM, pixdim: [1, 3, 2, 4] },
  'a qform alone': { sformCode: 0, qformCode: 1, ...QFORM },
  'a mirrored qform alone': { sformCode: 0, qformCode: 2, ...QFORM, pixdim: [-1, 3, 2, 4] },
  'a qform of a half turn alone': {
    ...{ sformCode: 0, qformCode: 1, quaternion: [0.6, 0.8, 0], pixdim: [1, 3, 2, 4] },
  },
  'a sheared sform beside a qform': { sformCode: 2, qformCode: 2, sform: SHEARED, ...QFORM },
  'an sform and another qform': { sformCode: 4, qformCode: 1, sform: SHEARED, ...QFORM },
  neither: { sformCode: 0, qformCode: 0, pixdim: [1, 3, 2, 4], sform: SFORM },
};

describe('the placement of a mask', () => {
  it('has the codes and affines of its image, as nibabel reads both', async function () {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-placement-'));
    try {
      const paths: string[] = [];
      for (const [n, image] of Object.values(IMAGES).entries()) {
        for (const version of [1, 2] as const) {
          const bytes = syntheticNifti({ ...image, version });
          const names = ['image', 'mask'].map((kind) =>
            join(folder, `${n}-${version}-${kind}.nii`),
          );
          paths.push(...names);
          await writeFile(names[0] ?? '', bytes);
          await writeFile(names[1] ?? '', await maskOf(bytes));
        }
      }
      const answers = askNibabel(this, paths);
      for (let n = 0; n < answers.length; n += 2) {
        const [image, mask] = answers.slice(n, n + 2);
        const what = Object.keys(IMAGES)[n >> 2];
        assert.deepEqual(mask?.codes, image?.codes, what);
        assert.deepEqual(mask?.zooms, image?.zooms, what);
        assertClose(mask?.affine, image?.affine, `${what}: affine`);
        assertClose(mask?.qform ?? [], image?.qform ?? [], `${what}: qform`);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is a matrix with the code of a qform that float32 cannot hold', async () => {
    // So near to a half turn that the rounded quaternion is one, over 30000 voxels.
    const quaternion = [Math.sqrt(1 - 4e-8), 0, 0];
    const dim = [3, 1, 30000, 1, 1, 1, 1, 1];
    const image = { version: 2, sformCode: 0, qformCode: 3, quaternion, dim } as const;
    const bytes = syntheticNifti({ ...image, voxels: new Uint8Array(30000) });
    using volume = await readNifti({ bytes });
    using mask = await readNifti({ bytes: await maskOf(bytes) });
    assert.deepEqual(mask.placement, { sformCode: 3, qformCode: 0, qform: undefined });
    assert.deepEqual(mask.grid.affine, volume.grid.affine.map(Math.fround));
  });

  it('comes with a warning where the header has none', async () => {
    const bytes = syntheticNifti(IMAGES.neither);
    using volume = await readNifti({ bytes });
    assert.deepEqual(
      volume.warnings.map(({ reason }) => reason),
      ['ORIENTATION_UNKNOWN'],
    );
    assert.match(volume.warnings[0]?.message ?? '', /left and right are not known/);
  });
});

async function maskOf(bytes: Uint8Array): Promise<Uint8Array> {
  using volume = await readNifti({ bytes });
  const { grid, placement } = volume;
  using voxels = Tensor.empty('uint8', grid.shape, { order: 'F' });
  return await writeNifti({ grid, placement, dtype: 'uint8', voxels });
}

function assertClose(
  actual: readonly number[] | undefined,
  wanted: readonly number[] | undefined,
  what: string,
): void {
  assert.equal(actual?.length, wanted?.length, what);
  actual?.forEach((value, index) => {
    assert.ok(Math.abs(value - (wanted?.[index] ?? Number.NaN)) < 1e-4, `${what}: ${actual}`);
  });
}
