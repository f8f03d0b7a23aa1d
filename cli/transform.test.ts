import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNifti } from '#volume/nifti';
import { MAIN } from './testing/dataconvert.ts';

const SAMPLES = join(import.meta.dirname, '../samples/hippocampus');
const [IMAGE, LABEL, POINTS] = ['image.nii.gz', 'label.nii.gz', 'points.json'].map((name) =>
  join(SAMPLES, name),
) as [string, string, string];

/** The chain of the guide's training configuration (6.1), smaller. */
const TRAIN = [
  { name: 'transforms.LoadNumpyFromFilename', fields: ['image', 'label'] },
  { name: 'transforms.NPRandomFlip3D', applied_keys: ['image', 'label'] },
  { name: 'transforms.VolumeTo4dArray', fields: ['image', 'label'] },
  {
    name: 'transforms.CropForegroundObject',
    ...{ size: [32, 32, 32], image_field: 'image', label_field: 'label', pad: 4 },
  },
  {
    name: 'transforms.AddExtremePointsChannel',
    ...{ image_field: 'image', label_field: 'label', sigma: 3, pert: 2 },
  },
];

describe('sextant transform', function () {
  this.timeout(30_000);
  let folder: string;
  const at = (name: string) => join(folder, name);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-transform-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function transform(config: object, ...words: readonly string[]) {
    writeFileSync(at('chain.json'), JSON.stringify(config, undefined, 1));
    const fixed = ['transform', IMAGE, '--config', at('chain.json'), '-o', at('out')];
    return spawnSync(process.execPath, [MAIN, ...fixed, ...words], { encoding: 'utf8' });
  }

  it('writes every field that is left, with the affine of its grid', async () => {
    const ran = transform({ train: { pre_transforms: TRAIN } }, '--label', LABEL, '--seed', '3');
    assert.equal(ran.status, 0, ran.stderr);
    using image = await readNifti({ path: at('out/image/image_image.nii') });
    using label = await readNifti({ path: at('out/image/image_label.nii') });
    assert.deepEqual([image.grid.shape, image.frames], [[32, 32, 32], 2]);
    assert.deepEqual([label.grid.shape, label.frames, label.dtype], [[32, 32, 32], 1, 'uint8']);
    assert.deepEqual(image.grid.affine, label.grid.affine);
    assert.match(ran.stdout, /image +2 x 32 x 32 x 32 +float32/);
  });

  it('gives the same bytes for the same seed, and others for another', () => {
    const results = ['3', '3', '4'].map((seed) => {
      const ran = transform({ pre_transforms: TRAIN }, '--label', LABEL, '--seed', seed);
      assert.equal(ran.status, 0, ran.stderr);
      return readFileSync(at('out/image/image_image.nii'));
    });
    assert.ok(results[0]?.equals(results[1] ?? Buffer.alloc(0)));
    assert.ok(!results[0]?.equals(results[2] ?? Buffer.alloc(0)));
  });

  it('takes points in place of a label, and writes what the writers name', () => {
    const config = {
      pre_transforms: TRAIN.filter(({ name }) => !/Flip|Load/.test(name)).map((transform) =>
        'pert' in transform ? { ...transform, pert: 0 } : transform,
      ),
      output_nodes: { model: 'out' },
      post_transforms: [
        { name: 'SplitAcrossChannels', applied_key: 'model' },
        { name: 'Invert', fields: 'image' },
      ],
      writers: [
        { name: 'writers.WriteNiftyResults', applied_key: 'image', dtype: 'int16' },
        { name: 'writers.WriteNiftyResults', applied_key: 'model' },
      ],
    };
    const ran = transform(config, '--points', POINTS, '--json');
    assert.equal(ran.status, 0, ran.stderr);
    const { fields, absent } = JSON.parse(ran.stdout);
    assert.deepEqual(absent, ['model']);
    assert.deepEqual(
      fields.map(({ field, file }: { field: string; file: string }) => [field, file]),
      [['image', at('out/image/image_image.nii')]],
    );
  });

  it('says what is wrong with a configuration, where, and before anything is written', () => {
    const wrong: [object, string[], RegExp][] = [
      [
        { pre_transforms: [{ ...TRAIN[0], name: 'transforms.LoadNumpy' }] },
        ['--label', LABEL],
        /chain\.json:4: pre_transforms\[0\]\.name: .*did you mean "transforms\.LoadN/,
      ],
      [{ pre_transforms: TRAIN }, [], /"label"; give it with --label, or points/],
      [{ pretransforms: TRAIN }, ['--label', LABEL], /no list pre_transforms/],
      [{ train: {} }, ['--label', LABEL, '--section', 'validate'], /validate\.pre_transforms/],
      [{ pre_transforms: TRAIN }, ['--label', at('nowhere.nii')], /FILE_UNREADABLE.*nowhere\.nii/],
    ];
    for (const [config, words, message] of wrong) {
      const ran = transform(config, ...words);
      assert.notEqual(ran.status, 0);
      assert.match(ran.stderr, message);
      assert.ok(!existsSync(at('out')));
    }
  });

  it('refuses an image and a label that do not belong together', () => {
    const crop = { name: 'CropSubVolumeCenter', fields: 'label', size: [9, 9, 9] };
    const pre_transforms = TRAIN.toSpliced(3, 0, crop as never);
    const ran = transform({ pre_transforms }, '--label', LABEL);
    assert.match(ran.stderr, /label: expected 40 x 52 x 35.*got 9 x 9 x 9 voxels/);
  });
});
