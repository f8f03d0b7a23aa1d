import assert from 'node:assert/strict';
import { compilePreparation, type PreparationSource } from './compile-preparation.ts';

const LOAD = { name: 'transforms.LoadNifty', fields: ['image', 'label'] };
const CROP = {
  name: 'transforms.CropForegroundObject',
  size: [128, 128, 128],
  image_field: 'image',
  label_field: 'label',
};
const BOTH = { image: ['a.nii'], label: ['b.nii'] };
const IMAGE = { image: ['a.nii'] };

/** What is wrong, as path|got|remedy. */
function problemsOf(
  source: Partial<PreparationSource>,
  {
    files = BOTH,
    hasPoints = false,
  }: { files?: Record<string, string[]>; hasPoints?: boolean } = {},
): string[] {
  const { problems } = compilePreparation({ pre_transforms: [], ...source }, { files, hasPoints });
  return problems.map(({ path, got, remedy }) => `${path.join('.')}|${got}|${remedy ?? ''}`);
}

describe('compilePreparation', () => {
  it('takes names with and without prefix, Nifti as well as Nifty', () => {
    for (const name of ['LoadNifty', 'LoadNifti', 'transforms.LoadNifti', 'transforms.LoadNifty']) {
      assert.deepEqual(problemsOf({ pre_transforms: [{ ...LOAD, name }] }), []);
    }
    assert.deepEqual(problemsOf({ pre_transforms: [{ ...LOAD, name: 'writers.LoadNifty' }] }), [
      'pre_transforms.0.name|"writers.LoadNifty"|did you mean "transforms.LoadNifty"?',
    ]);
  });

  it('starts from files where a transform reads them, else from volumes', () => {
    const { preparation } = compilePreparation(
      { pre_transforms: [LOAD] },
      { files: BOTH, hasPoints: false },
    );
    assert.deepEqual(preparation?.preloaded, []);
    const served = { pre_transforms: [{ name: 'VolumeTo4dArray', fields: ['image', 'label'] }] };
    const second = compilePreparation(served, { files: BOTH, hasPoints: false });
    assert.deepEqual(second.preparation?.preloaded, ['image', 'label']);
  });

  it('finds a file that nothing loads before it is used', () => {
    const pre = [
      { ...LOAD, fields: 'image' },
      { ...LOAD, fields: 'label' },
    ];
    assert.deepEqual(problemsOf({ pre_transforms: [pre[0], CROP, pre[1]] }), [
      'pre_transforms.1.label_field|a file that is not loaded yet|put transforms.LoadNifty before it',
    ]);
  });

  it('needs a label, or points in its place', () => {
    assert.deepEqual(problemsOf({ pre_transforms: [LOAD, CROP] }, { files: IMAGE }), [
      'pre_transforms.0.fields.1|"label"|',
    ]);
    assert.deepEqual(
      problemsOf({ pre_transforms: [LOAD, CROP] }, { files: IMAGE, hasPoints: true }),
      [],
    );
  });

  it('refuses sizes that cannot be', () => {
    for (const size of [
      [128, 128],
      [0, 1, 1],
      [1.5, 1, 1],
      [32_768, 1, 1],
      [2048, 2048, 1024],
    ]) {
      assert.equal(
        problemsOf({ pre_transforms: [LOAD, { ...CROP, size }] }).length,
        1,
        String(size),
      );
    }
    const [problem] = problemsOf({ pre_transforms: [LOAD, { ...CROP, size: [2048, 1024, 1024] }] });
    assert.equal(problem, undefined, 'as many voxels as may be');
  });

  it('knows the room that a field will need', () => {
    const points = {
      name: 'AddExtremePointsChannel',
      image_field: 'image',
      label_field: 'label',
      sigma: 3,
    };
    const { preparation } = compilePreparation(
      { pre_transforms: [LOAD, points] },
      { files: BOTH, hasPoints: false },
    );
    assert.equal(preparation?.capacity.get('image'), 2);
  });

  it('checks what only a network could do, and leaves it out', () => {
    const split = { name: 'SplitAcrossChannels', applied_key: 'model', channel_names: ['a', 'b'] };
    const source = {
      pre_transforms: [LOAD],
      output_nodes: { model: 'out' },
      post_transforms: [split, { name: 'CenterData', applied_keys: 'a' }],
      writers: [
        { name: 'WriteNiftyResults', applied_key: 'a' },
        { name: 'writers.WriteNiftiResults', applied_key: 'label' },
      ],
    };
    const { preparation, problems } = compilePreparation(source, { files: BOTH, hasPoints: false });
    assert.deepEqual(problems, []);
    assert.equal(preparation?.steps.length, 1);
    assert.deepEqual(preparation?.absent, ['model', 'a', 'b']);
    assert.deepEqual(
      preparation?.writers.map(({ applied_key: key }) => key),
      ['label'],
    );
    const wrong = { ...source, post_transforms: [{ ...split, channel_names: [] }] };
    assert.deepEqual(problemsOf(wrong), ['post_transforms.0.channel_names|[]|']);
  });

  it('does for a field that is there what a step asks for others as well', () => {
    const source = {
      pre_transforms: [LOAD],
      output_nodes: { model: 'out' },
      post_transforms: [
        { name: 'Invert', fields: ['model', 'label'] },
        { name: 'ApplyThreshold', fields: ['model'] },
        { name: 'SplitAcrossChannels', applied_key: 'image', channel_names: ['model'] },
      ],
      writers: [{ name: 'WriteNiftyResults', applied_key: 'label' }],
    };
    const { preparation } = compilePreparation(source, { files: BOTH, hasPoints: false });
    assert.deepEqual(
      preparation?.steps.map(({ name }) => name),
      ['transforms.LoadNifty', 'transforms.Invert', 'transforms.SplitAcrossChannels'],
    );
    assert.deepEqual(
      preparation?.writers.map((writer) => writer.applied_key),
      ['label'],
    );
    assert.deepEqual(preparation?.absent, [], 'the last step makes the field that was missing');
  });

  it('refuses two writers of one file', () => {
    const writer = { name: 'WriteNiftyResults', applied_key: 'image' };
    const writers = [writer, { ...writer, applied_key: 'label' }, { ...writer, dtype: 'int16' }];
    assert.deepEqual(problemsOf({ pre_transforms: [LOAD], writers }), [
      'writers.2.applied_key|"image"|',
    ]);
  });
});
