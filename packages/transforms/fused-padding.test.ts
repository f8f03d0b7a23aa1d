import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vec3 } from '#geometry';
import { Tensor } from '#kernels';
import { writeNifti } from '#volume/nifti';
import { compilePreparation } from './chain/compile-preparation.ts';
import { prepareItem } from './chain/prepare-item.ts';
import { settleFields } from './settle-fields.ts';

const SHAPE: Vec3 = [8, 7, 6];
const WINDOW = { name: 'ScaleIntensityRange', field: 'image', a_min: -100, a_max: 300 };
const UNIT = { ...WINDOW, b_min: 0, b_max: 1 };
const CLIPPED = { ...UNIT, a_min: 20, clip: true };
const PAD = { name: 'SpatialPad', fields: 'image', spatial_size: [12, 12, 12] };
const half = [0.5, 0.5, 0.5];

/** What puts something beside the image, and what changes values behind it. */
const CHAINS: readonly (readonly [what: string, transforms: readonly object[]])[] = [
  ['padding', [PAD, UNIT]],
  ['padding with a value of its own', [{ ...PAD, value: 50 }, UNIT]],
  ['padding with a value that whole numbers round', [{ ...PAD, value: 40.4 }, UNIT]],
  ['padding, changed twice', [PAD, UNIT, { ...UNIT, a_min: 0, a_max: 1, b_min: 3, b_max: 7 }]],
  [
    'a zoom out of the same size',
    [
      {
        name: 'NPRandomZoom3D',
        ...{ applied_keys: 'image', lower_limits: half, upper_limits: half, keep_size: true },
      },
      { name: 'NormalizeIntensity', fields: 'image', subtrahend: 40, divisor: 3 },
    ],
  ],
  [
    'a turn and a clipped window',
    [
      { name: 'RandAffine', fields: 'image', prob: 1, rotate_range: [0.9, 0.9, 0.9] },
      { ...CLIPPED, b_min: -1 },
    ],
  ],
  [
    'a shift and an offset',
    [
      { name: 'RandAffine', fields: 'image', prob: 1, translate_range: [3, 3, 3] },
      { name: 'ScaleIntensityOscillation', field: 'image', magnitude: 30 },
    ],
  ],
];

describe('the padding of a chain with "fuse": true', () => {
  let folder: string;
  let path: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-padding-'));
    path = join(folder, 'image.nii');
    // The same everywhere, so that the image differs from its padding and nothing else counts.
    using voxels = Tensor.fromArray('int16', SHAPE, Array(8 * 7 * 6).fill(200));
    const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    writeFileSync(
      path,
      await writeNifti({ grid: { shape: SHAPE, affine }, dtype: 'int16', voxels }),
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  async function voxelsOf(transforms: readonly object[], fuse: boolean): Promise<number[]> {
    const files = { image: [path] };
    const source = {
      fuse,
      pre_transforms: [{ name: 'LoadNifty', fields: 'image' }, ...transforms],
    };
    const { preparation, problems } = compilePreparation(source, { files, hasPoints: false });
    assert.deepEqual(problems, []);
    const sample = { seed: 4, epoch: 0, item: 0 };
    using fields = await prepareItem(preparation ?? assert.fail(), { files, sample });
    await settleFields(fields);
    return Array.from(fields.array('image').storage.toArray(), Number);
  }

  for (const [what, transforms] of CHAINS) {
    it(`is what it would be without: ${what}`, async () => {
      const apart = await voxelsOf(transforms, false);
      assert.equal(new Set(apart).size, 2, 'the image and its padding');
      assert.deepEqual(await voxelsOf(transforms, true), apart);
    });
  }
});
