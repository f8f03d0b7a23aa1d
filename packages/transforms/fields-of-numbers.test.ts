import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vec3 } from '#geometry';
import { Tensor } from '#kernels';
import { writeNifti } from '#volume/nifti';
import { compilePreparation } from './chain/compile-preparation.ts';
import { prepareItem } from './chain/prepare-item.ts';

const SHAPE: Vec3 = [9, 8, 7];
/** In the file's order: x from 1 to 5 along a bar, with an arm along y and one along z at its middle. */
const LABEL: readonly Vec3[] = [
  ...[1, 2, 3, 4, 5].map((x): Vec3 => [x, 3, 2]),
  ...[1, 2, 4, 5].map((y): Vec3 => [3, y, 2]),
  ...[1, 3, 4, 5].map((z): Vec3 => [3, 3, z]),
];
/** x runs to the left, y is 2 mm, z 3.5 mm. */
const AFFINE = [-0.5, 0, 0, 10, 0, 2, 0, -4, 0, 0, 3.5, 6, 0, 0, 0, 1];

describe('fields of numbers', () => {
  let folder: string;
  let path: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-numbers-'));
    path = join(folder, 'label.nii');
    const values = new Uint8Array(SHAPE[0] * SHAPE[1] * SHAPE[2]);
    for (const [x, y, z] of LABEL) values[(x * SHAPE[1] + y) * SHAPE[2] + z] = 3;
    using voxels = Tensor.fromArray('uint8', SHAPE, values);
    const grid = { shape: SHAPE, affine: AFFINE };
    writeFileSync(path, await writeNifti({ grid, dtype: 'uint8', voxels }));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function numbersOf(name: string, ...pre: readonly object[]): Promise<readonly number[]> {
    const files = { label: [path] };
    const { preparation, problems } = compilePreparation(
      { pre_transforms: pre },
      { files, hasPoints: false },
    );
    assert.deepEqual(problems, []);
    using fields = await prepareItem(preparation ?? assert.fail(), { files });
    return fields.numbers(name).numbers;
  }

  const LOAD = { name: 'LoadNifty', fields: 'label' };
  const CROP = { name: 'CropSubVolumeCenter', fields: 'label', size: [7, 8, 6] };

  it('FetchExtremePoints gives six voxels of the grid that the label is on', async () => {
    const fetch = { name: 'FetchExtremePoints', label_field: 'label' };
    // Loaded, x runs to the right: 8 - x of the file.
    const loaded = [3, 3, 2, 7, 3, 2, 5, 1, 2, 5, 5, 2, 5, 3, 1, 5, 3, 5];
    assert.deepEqual(await numbersOf('points', LOAD, fetch), loaded);
    const cropped = loaded.map((at, n) => (n % 3 === 0 ? at - 1 : at));
    assert.deepEqual(await numbersOf('six', LOAD, CROP, { ...fetch, points: 'six' }), cropped);
  });

  it('LoadResolutionFromNifty gives millimetres of the file, or of the grid by now', async () => {
    const resolution = { name: 'LoadResolutionFromNifty', applied_key: 'label' };
    const turn = { name: 'Orientation', fields: 'label', axcodes: 'SLA' };
    assert.deepEqual(await numbersOf('label_resolution', resolution, LOAD), [0.5, 2, 3.5]);
    assert.deepEqual(await numbersOf('label_resolution', LOAD, turn, resolution), [3.5, 0.5, 2]);
    const spacing = { name: 'Spacing', fields: 'label', pixdim: [1, 1, 7] };
    assert.deepEqual(await numbersOf('label_resolution', LOAD, spacing, resolution), [1, 1, 7]);
  });

  it('Load3DShapeFromNumpy gives voxels along x, y, z, whatever the channels', async () => {
    const shape = { name: 'Load3DShapeFromNumpy', applied_key: 'label' };
    const twice = { name: 'NPRepChannels', applied_keys: 'label', repeat: 2 };
    assert.deepEqual(await numbersOf('label_shape', LOAD, shape), SHAPE);
    assert.deepEqual(await numbersOf('label_shape', LOAD, CROP, twice, shape), [7, 8, 6]);
  });
});
