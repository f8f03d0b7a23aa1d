import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vec3 } from '#geometry';
import { Tensor } from '#kernels';
import { writeNifti } from '#volume/nifti';
import { Fields } from '../fields.ts';
import { compilePreparation } from './compile-preparation.ts';
import { prepareItem } from './prepare-item.ts';

const BOTH = ['image', 'label'];
const LOAD = { name: 'LoadNifty', fields: BOTH };
const ELASTIC = { name: 'Rand3DElastic', fields: 'image', prob: 1 };
const INVERT = { name: 'Invert', fields: 'image' };
const ROI = {
  name: 'TransformVolumeCropROIFastPosNegRatio',
  ...{ applied_keys: BOTH, size: [4, 4, 4], pos: 1, neg: 1, rotation: false, scale: false },
};
const ROI_NAME = 'transforms_fastaug.TransformVolumeCropROIFastPosNegRatio with "deform"';

const crop = (fields: unknown, size: Vec3) => ({ name: 'CropSubVolumeCenter', fields, size });
const repeat = (times: number) => ({
  name: 'NPRepChannels',
  applied_keys: 'image',
  repeat: times,
});
const zoom = (low: number, high: number) => ({
  name: 'NPRandomZoom3D',
  applied_keys: 'image',
  lower_limits: [low, low, low],
  upper_limits: [high, high, high],
});
const ofBoth = { image_field: 'image', label_field: 'label' };
const TOGETHER = [
  { name: 'AddExtremePointsChannel', ...ofBoth, sigma: 3 },
  { name: 'CropForegroundObject', ...ofBoth, size: [4, 4, 4] },
  {
    name: 'transforms_ctrl.CropSubVolumePosNegRatioCtrlEpoch',
    ...{ ...ofBoth, size: [4, 4, 4], ratio_start: 1, ratio_end: 1, ratio_step: 0, num_epochs: 1 },
  },
];

/** What is wrong, as path|got|expected|remedy. */
function problemsOf(...transforms: readonly object[]): string[] {
  const files = { image: ['a.nii'], label: ['b.nii'] };
  const source = { pre_transforms: [LOAD, ...transforms] };
  const { problems } = compilePreparation(source, { files, hasPoints: false });
  return problems.map(
    ({ path, got, expected, remedy }) => `${path.join('.')}|${got}|${expected}|${remedy ?? ''}`,
  );
}

describe('a chain that cannot be', () => {
  it('inverts what was deformed, whatever lies between', () => {
    const told = (at: number, argument: string, who: string) => [
      `pre_transforms.${at}.${argument}|a field that ${who} deformed|one that affine maps alone have moved|take ${who} out of a chain that is to be inverted`,
    ];
    const elastic = 'transforms.Rand3DElastic';
    assert.deepEqual(problemsOf(ELASTIC, INVERT), told(2, 'fields', elastic));
    const between = [crop('image', [4, 4, 4]), { name: 'ApplyThreshold', fields: 'image' }];
    assert.deepEqual(problemsOf(ELASTIC, ...between, INVERT), told(4, 'fields', elastic));
    const restore = { name: 'RestoreOriginalShape', field: 'image', src_field: 'label' };
    assert.deepEqual(problemsOf(ELASTIC, restore), told(2, 'field', elastic));
    assert.deepEqual(problemsOf({ ...ROI, deform: true }, INVERT), told(2, 'fields', ROI_NAME));
  });

  it('but inverts what was moved otherwise, or another field', () => {
    assert.deepEqual(problemsOf({ ...ROI, deform: false }, INVERT), []);
    assert.deepEqual(problemsOf(ELASTIC, { ...INVERT, fields: 'label' }), []);
    assert.deepEqual(problemsOf(INVERT, ELASTIC), []);
  });

  for (const transform of TOGETHER) {
    it(`looks with ${transform.name} at fields of two sizes`, () => {
      const apart = [crop('image', [4, 5, 6]), crop('label', [4, 5, 7])];
      const [problem = '', ...others] = problemsOf(...apart, transform);
      assert.deepEqual(others, []);
      assert.match(
        problem,
        /^pre_transforms\.3\.label_field\|4 x 5 x 7 voxels\|4 x 5 x 6, as "image"/,
      );
      assert.ok(problem.includes(transform.name), problem);
      assert.deepEqual(problemsOf(crop(BOTH, [4, 5, 6]), transform), []);
      assert.deepEqual(
        problemsOf(crop('image', [4, 5, 6]), transform),
        [],
        'known when it is read',
      );
    });
  }

  it('deforms fields of two sizes alike', () => {
    const apart = [crop('image', [4, 5, 6]), crop('label', [4, 5, 7])];
    const [problem = ''] = problemsOf(...apart, { ...ELASTIC, fields: BOTH });
    assert.match(problem, /^pre_transforms\.3\.fields\.1\|4 x 5 x 7 voxels/);
    assert.match(
      problemsOf(...apart, { ...ROI, deform: false })[0] ?? '',
      /applied_keys\.1\|4 x 5/,
    );
  });

  it('takes argmax of more channels than a byte has labels', () => {
    const argmax = { name: 'ArgmaxAcrossChannels', fields: ['image'] };
    assert.deepEqual(problemsOf(repeat(64), repeat(4), argmax), []);
    const [problem = ''] = problemsOf(repeat(64), repeat(5), argmax);
    assert.match(problem, /^pre_transforms\.3\.fields\.0\|320 channels\|at most 256.*Split/);
  });

  it('repeats channels without end', () => {
    assert.deepEqual(problemsOf(repeat(64), repeat(16)), []);
    assert.deepEqual(problemsOf(repeat(64), repeat(64), repeat(64)), [
      'pre_transforms.2.applied_keys|4096 channels|at most 1024 after transforms.NPRepChannels|repeat or read fewer',
    ]);
  });

  it('asks for voxels or zooms beyond all measure', () => {
    const spacing = (mm: number) => ({ name: 'Spacing', fields: 'image', pixdim: [mm, 1, 1] });
    assert.deepEqual(problemsOf(spacing(1e-9)), [
      'pre_transforms.1.pixdim.0|1e-9|at least 0.0001|',
    ]);
    assert.deepEqual(problemsOf(spacing(1e9)), [
      'pre_transforms.1.pixdim.0|1000000000|at most 10000|',
    ]);
    assert.deepEqual(problemsOf(spacing(1e-4), spacing(1e4)), []);
    assert.equal(problemsOf(zoom(1e6, 1e6)).length, 6);
    assert.deepEqual(problemsOf(zoom(0.01, 100)), []);
  });

  it('asks for more voxels than there may be, where the size is known', () => {
    const expected = 'at most 32767 along an axis and 2^31 in all after';
    const whole = crop('image', [100, 100, 2000]);
    assert.deepEqual(problemsOf(whole, zoom(20, 20)), [
      `pre_transforms.2.applied_keys|2000 x 2000 x 40000 voxels|${expected} transforms.NPRandomZoom3D|ask for larger voxels`,
    ]);
    const resample = { name: 'ResampleVolume', applied_key: 'image', resolution: [1, 1, 1] };
    assert.deepEqual(problemsOf(whole, { ...resample, target_resolution: [0.05, 0.05, 0.1] }), [
      `pre_transforms.2.applied_key|2000 x 2000 x 20000 voxels|${expected} transforms.ResampleVolume|ask for larger voxels`,
    ]);
  });
});

describe('what only the files can tell', () => {
  let folder: string;
  let path: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-impossible-'));
    path = join(folder, 'image.nii');
    const shape: Vec3 = [6, 5, 80];
    using voxels = Tensor.fromArray('float32', shape, new Float32Array(6 * 5 * 80));
    const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    const file = Buffer.from(
      await writeNifti({ grid: { shape, affine }, dtype: 'float32', voxels }),
    );
    // 20 frames of 4 slices instead (NIfTI-1, dim[0] to dim[4]).
    for (const [n, extent] of [4, 6, 5, 4, 20].entries()) file.writeInt16LE(extent, 40 + 2 * n);
    writeFileSync(path, file);
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = async (...transforms: readonly object[]) => {
    const files = { image: [path] };
    const load = { name: 'LoadNifty', fields: 'image' };
    const source = { pre_transforms: [load, ...transforms] };
    const { preparation, problems } = compilePreparation(source, { files, hasPoints: false });
    assert.deepEqual(problems, []);
    using fields = await prepareItem(preparation ?? assert.fail(), { files });
    return fields.array('image').channels;
  };

  it('is told with the transform and its field', async () => {
    const tiny = { name: 'Spacing', fields: 'image', pixdim: [1e-4, 1e-4, 1e-4] };
    await assert.rejects(run(tiny), {
      reason: 'VOLUME_TOO_LARGE',
      message:
        'transforms.Spacing of image: the grid to read it on: expected at most 2147483648 in all, got 60000 x 50000 x 40000 voxels; ask for larger voxels or a smaller zoom',
    });
    await assert.rejects(run(repeat(64)), {
      reason: 'VOLUME_TOO_LARGE',
      message:
        'transforms.NPRepChannels of image: channels: expected at most 1024, got 1280; repeat fewer times',
    });
    const argmax = { name: 'ArgmaxAcrossChannels', fields: 'image' };
    await assert.rejects(
      run(repeat(16), argmax),
      /^SextantError: transforms\.ArgmaxAcrossChannels of image: /,
    );
  });

  it('leaves a cancellation as it is', async () => {
    const { preparation } = compilePreparation(
      { pre_transforms: [{ name: 'LoadNifty', fields: 'image' }] },
      { files: { image: [path] }, hasPoints: false },
    );
    const signal = AbortSignal.abort();
    const [step] = preparation?.steps ?? [];
    using fields = new Fields([['image', { kind: 'file', paths: [path] }]]);
    await assert.rejects(step?.run({ fields, signal }) ?? assert.fail(), {
      reason: 'CANCELLED',
      message: /^request: /,
    });
  });
});
