import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { affineOf, compilePreparation, prepareItem } from '#transforms';
import { needsTwin } from './compare.ts';
import { PLACED_TWIN, runTwin } from './twin.ts';

const IMAGE = { fields: 'image' };
const SPACING = { name: 'Spacing', ...IMAGE, pixdim: [1.3, 0.9, 2.1] };
const AFFINE = {
  ...{ name: 'RandAffine', ...IMAGE, prob: 1, rotate_range: [0.4, 0.5, 0.3] },
  ...{ scale_range: [0.2, 0.1, 0.2], translate_range: [1, 2, 1] },
};
const ZOOM = {
  ...{ name: 'NPRandomZoom3D', applied_keys: 'image' },
  ...{ lower_limits: [0.6, 0.7, 1.2], upper_limits: [0.9, 1.4, 1.7] },
};
const FLIPS = { name: 'FlipAxisRandom', ...IMAGE, axis: [0, 1, 2], probability: 0.7 };
const INVERT = { name: 'Invert', ...IMAGE };

const CHAINS: readonly (readonly [what: string, ...transforms: object[]])[] = [
  ['as it is read'],
  ['another spacing', SPACING],
  ['another spacing by the nearest voxel', { ...SPACING, mode: 'nearest' }],
  ['axes that point elsewhere', { name: 'Orientation', ...IMAGE, axcodes: 'PIR' }],
  ['left-handed axes', { name: 'Orientation', ...IMAGE, axcodes: 'SLA' }],
  [
    'another resolution, whatever the file says',
    {
      ...{ name: 'ResampleVolume', applied_key: 'image' },
      ...{ resolution: [1, 2, 3], target_resolution: [1.4, 1.5, 2.2] },
    },
  ],
  ['turns, scales and shifts', AFFINE],
  ['turns by the nearest voxel', { ...AFFINE, mode: 'nearest' }],
  ['turns into another size', { ...AFFINE, spatial_size: [8, 15, 10] }],
  ['zooms', ZOOM],
  ['zooms that keep the size', { ...ZOOM, keep_size: true }],
  ['a crop in the middle', { name: 'CropSubVolumeCenter', ...IMAGE, size: [5, 4, 7] }],
  ['padding', { name: 'SpatialPad', ...IMAGE, spatial_size: [14, 20, 12] }],
  ['flips', FLIPS],
  [
    'several of them, of which one interpolates',
    { name: 'Orientation', ...IMAGE, axcodes: 'LSP' },
    FLIPS,
    AFFINE,
  ],
  ['the way back', { name: 'Orientation', ...IMAGE, axcodes: 'LSP' }, FLIPS, INVERT],
];

describe('an oblique, anisotropic image with flipped axes, beside its affine', function () {
  this.timeout(60_000);
  let folder: string;
  let path: string;

  before(function () {
    needsTwin(this);
    folder = mkdtempSync(join(tmpdir(), 'sextant-oblique-'));
    path = join(folder, 'oblique.nii');
    const { status, stderr } = spawnSync('/usr/bin/python3', [PLACED_TWIN, '--write', path], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  for (const [what, ...given] of CHAINS) {
    it(`${what}: the same voxels in the same place`, async () => {
      const transforms = [{ name: 'LoadNifty', ...IMAGE }, ...given];
      const files = { image: [path] };
      const { preparation, problems } = compilePreparation(
        { pre_transforms: transforms },
        { files, hasPoints: false },
      );
      assert.deepEqual(problems, []);
      for (let item = 0; item < 2; item++) {
        const sample = { seed: 9, epoch: 2, item };
        using fields = await prepareItem(preparation ?? assert.fail(), { files, sample });
        const twin = runTwin({ transforms, files: { image: path }, sample, script: PLACED_TWIN });
        const { storage, place } = fields.array('image');
        assertNear(affineOf(place ?? assert.fail()), twin.get('affine')?.values, 1e-4, 'affine');
        const { shape, values } = twin.get('image') ?? assert.fail();
        assert.deepEqual([...storage.shape], shape);
        // Of values up to 800.
        assertNear([...storage.toArray()].map(Number), values, 2e-3, 'voxels');
        assert.ok(new Set(values).size > 50, 'there is something to see');
      }
    });
  }
});

function assertNear(
  found: readonly number[],
  expected: Float32Array | undefined,
  tolerance: number,
  what: string,
): void {
  assert.equal(found.length, expected?.length, what);
  found.forEach((value, n) => {
    const wanted = expected?.[n] ?? Number.NaN;
    assert.ok(
      Math.abs(value - wanted) <= tolerance,
      `${what} [${n}]: ${value}, expected ${wanted}`,
    );
  });
}
