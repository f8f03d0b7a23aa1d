import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vec3 } from '#geometry';
import { Tensor } from '#kernels';
import { writeNifti } from '#volume/nifti';
import { compilePreparation } from '../chain/compile-preparation.ts';
import { prepareItem } from '../chain/prepare-item.ts';
import { shapeOf } from '../field.ts';

const DIMS: Vec3 = [11, 9, 7];
const [NX, NY, NZ] = DIMS;

/** Stored so that its first axis runs back, its second down and its third to the right. */
const AFFINE = [0, 0, 2, -30, -1.5, 0, 0, 40, 0, -1, 0, 12, 0, 0, 0, 1];

/** A smooth blob and the voxel's own number, so that every voxel has another value. */
const voxel = (n: number) => {
  const [i, j, k] = [n % NX, Math.floor(n / NX) % NY, Math.floor(n / (NX * NY))];
  return 1000 * Math.exp(-((i - 5) ** 2 + (j - 4) ** 2 + (k - 3) ** 2) / 8) + n / 1000 + 1;
};

describe('Invert', () => {
  const values = Array.from({ length: NX * NY * NZ }, (_, n) => Math.fround(voxel(n)));
  let folder: string;
  let path: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-invert-'));
    path = join(folder, 'image.nii');
    using voxels = Tensor.fromArray('float32', DIMS, values, { order: 'F' });
    const grid = { shape: DIMS, affine: AFFINE };
    writeFileSync(path, await writeNifti({ grid, dtype: 'float32', voxels }));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** The voxels in the order of the file after the chain and the way back. */
  async function back(transforms: readonly object[], seed = 1, fuse = false): Promise<number[]> {
    const files = { image: [path] };
    const load = { name: 'LoadNifty', fields: 'image' };
    const invert = { name: 'Invert', fields: 'image' };
    const source = { pre_transforms: [load, ...transforms, invert], fuse };
    const { preparation, problems } = compilePreparation(source, { files, hasPoints: false });
    assert.deepEqual(problems, []);
    const sample = { seed, epoch: 0, item: 0 };
    using fields = await prepareItem(preparation ?? assert.fail(), { files, sample });
    const field = fields.array('image');
    assert.deepEqual(shapeOf(field), DIMS);
    assert.deepEqual(field.place?.toOrigin, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
    const order = field.storage.permute([0, 3, 2, 1]);
    return Array.from(order.toArray(), Number);
  }

  it('gives the very voxels back after flips, turns and padding, whatever was drawn', async () => {
    const exact = [
      { name: 'NPRandomFlip3D', applied_keys: 'image' },
      { name: 'NPRandomRot90_XY', applied_keys: 'image', probability: 0.8 },
      { name: 'Orientation', fields: 'image', axcodes: 'SLP' },
      { name: 'SpatialPad', fields: 'image', spatial_size: [20, 5, 15] },
    ];
    for (let seed = 0; seed < 12; seed++) assert.deepEqual(await back(exact, seed), values);
  });

  it('leaves 0 where a crop has cut voxels off', async () => {
    const crop = { name: 'CropSubVolumeCenter', fields: 'image', size: [3, 5, 4] };
    const found = await back([crop]);
    const kept = found.filter((value) => value !== 0);
    assert.equal(kept.length, 3 * 5 * 4);
    for (const [n, value] of found.entries()) if (value !== 0) assert.equal(value, values[n]);
  });

  for (const fuse of [false, true]) {
    it(`comes near them through interpolations${fuse ? ', and nearer when they are fused' : ''}`, async () => {
      const smooth = [
        { name: 'Spacing', fields: 'image', pixdim: [0.8, 0.7, 0.9] },
        { name: 'RandAffine', fields: 'image', prob: 1, rotate_range: [0.2, 0.2, 0.2] },
      ];
      const found = await back(smooth, 3, fuse);
      // Where the image is bright, away from the corners that were turned out of it.
      const errors = values.flatMap((value, n) =>
        value > 300 ? [Math.abs(value - (found[n] ?? 0))] : [],
      );
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      assert.ok(mean < (fuse ? 45 : 60), `${mean}`);
    });
  }

  it('brings a field that no file was read for back by its reference', async () => {
    const files = { image: [path] };
    const source = {
      pre_transforms: [
        { name: 'LoadNifty', fields: 'image' },
        { name: 'NPRepChannels', applied_keys: 'image', repeat: 2 },
        { name: 'CropSubVolumeCenter', fields: 'image', size: [3, 5, 4] },
        { name: 'SplitAcrossChannels', applied_key: 'image', channel_names: ['a', 'b'] },
        { name: 'RestoreOriginalShape', field: 'a', src_field: 'image', is_label: true },
      ],
    };
    const { preparation } = compilePreparation(source, { files, hasPoints: false });
    using fields = await prepareItem(preparation ?? assert.fail(), { files });
    assert.deepEqual(shapeOf(fields.array('a')), DIMS);
    assert.deepEqual(shapeOf(fields.array('b')), [3, 5, 4]);
  });

  for (const [isLabel, values] of [
    [undefined, [0, 2, 4]],
    [true, [0, 2, 4]],
    [false, undefined],
  ] as const) {
    it(`RestoreOriginalShape reads a label ${values ? 'by the nearest voxel' : 'linearly'}: is_label ${isLabel}`, async () => {
      const path = join(folder, 'label.nii');
      const labels = Array.from({ length: NX * NY * NZ }, (_, n) => (n % NX < 5 ? 4 : 2 * (n % 2)));
      using voxels = Tensor.fromArray('uint8', DIMS, labels, { order: 'F' });
      const grid = { shape: DIMS, affine: AFFINE };
      writeFileSync(path, await writeNifti({ grid, dtype: 'uint8', voxels }));
      const files = { label: [path] };
      const restore = { name: 'RestoreOriginalShape', field: 'label', src_field: 'label' };
      const source = {
        pre_transforms: [
          { name: 'LoadNifty', fields: 'label' },
          { name: 'Spacing', fields: 'label', pixdim: [0.7, 1.1, 0.9] },
          { ...restore, is_label: isLabel },
        ],
      };
      const { preparation, problems } = compilePreparation(source, { files, hasPoints: false });
      assert.deepEqual(problems, []);
      using fields = await prepareItem(preparation ?? assert.fail(), { files });
      const field = fields.array('label');
      assert.equal(field.isLabel, isLabel ?? true);
      const found = [...new Set(Array.from(field.storage.toArray(), Number))].toSorted();
      if (values) assert.deepEqual(found, values);
      else assert.ok(found.length > 3 && found.some((value) => !Number.isInteger(value)));
    });
  }

  it('RestoreOriginalShape makes a label of what it is told is one', async () => {
    const restore = { name: 'RestoreOriginalShape', field: 'image', src_field: 'image' };
    const zoomed = { name: 'Spacing', fields: 'image', pixdim: [0.7, 1.1, 0.9], mode: 'nearest' };
    const found = await back([zoomed, { ...restore, is_label: true }]);
    const known = new Set(values);
    assert.ok(found.every((value) => known.has(value)));
  });
});
