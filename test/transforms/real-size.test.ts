import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vec3 } from '#geometry';
import { Tensor } from '#kernels';
import { writeNifti } from '#volume/nifti';
import { seeded } from '../../packages/geometry/testing/random-grid.ts';
import { compareFiles, needsTwin } from './compare.ts';

const SHAPE: Vec3 = [192, 160, 128];

const CHAINS: readonly (readonly [what: string, transform: object])[] = [
  [
    'its percentiles',
    { name: 'ClipIntensityPercentiles', fields: 'image', lower: 0.5, upper: 99.3 },
  ],
  ['its mean and deviation', { name: 'CenterData', applied_keys: 'image' }],
  [
    'a given mean and its deviation',
    { name: 'CenterData', applied_keys: 'image', subtrahend: 1000 },
  ],
];

describe('statistics of four million voxels, beside numpy', function () {
  this.timeout(60_000);
  let folder: string;
  let path: string;

  before(async function () {
    needsTwin(this);
    folder = mkdtempSync(join(tmpdir(), 'sextant-real-size-'));
    path = join(folder, 'image.nii');
    const random = seeded(41);
    // As of CT: far from 0, and skewed.
    const values = Float32Array.from(
      { length: SHAPE[0] * SHAPE[1] * SHAPE[2] },
      () => 3000 * random() * random() * random() - 1024,
    );
    const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    using voxels = Tensor.fromArray('float32', SHAPE, values);
    writeFileSync(
      path,
      await writeNifti({ grid: { shape: SHAPE, affine }, dtype: 'float32', voxels }),
    );
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  for (const [what, transform] of CHAINS) {
    it(what, async () => {
      const pre_transforms = [
        { name: 'LoadNumpyFromFilename', fields: 'image' },
        { name: 'NPExpandDims', applied_keys: 'image' },
        transform,
      ];
      const sample = { seed: 1, epoch: 0, item: 0 };
      await compareFiles({ pre_transforms }, { image: [path] }, { what, sample });
    });
  }
});
