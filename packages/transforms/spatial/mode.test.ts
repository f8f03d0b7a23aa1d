import assert from 'node:assert/strict';
import { compilePreparation } from '../chain/compile-preparation.ts';
import { type BoundTransform, isFault } from '../declaration.ts';
import { ImageFolder, prepared, valuesOf } from '../testing/chains.ts';

const BOTH = ['image', 'label'];
const LOAD = { name: 'LoadNifty', fields: BOTH };

/** Where between the values 0 and 4 a field was read. */
const isLinear = (values: readonly number[]) => values.some((value) => ![0, 4].includes(value));

describe('the mode of transforms that interpolate', () => {
  let folder: ImageFolder;
  let files: { image: string[]; label: string[] };
  before(async () => {
    folder = new ImageFolder();
    const path = await folder.image('both.nii', {
      shape: [4, 1, 1],
      values: [0, 4, 0, 4],
      dtype: 'uint8',
    });
    files = { image: [path], label: [path] };
  });
  after(() => folder[Symbol.dispose]());

  const finer = { name: 'Spacing', fields: BOTH, pixdim: [0.7, 1, 1] };
  for (const [mode, image, label] of [
    [undefined, true, false],
    ['bilinear', true, false],
    ['nearest', false, false],
    [['bilinear', 'nearest'], true, false],
    [['nearest', 'bilinear'], false, true],
  ] as const) {
    it(`${JSON.stringify(mode)} reads labels linearly ${label ? 'as' : 'unless'} a list says so`, async () => {
      using fields = await prepared([LOAD, { ...finer, mode }], { files });
      assert.deepEqual(
        BOTH.map((name) => isLinear(valuesOf(fields, name))),
        [image, label],
      );
      // Read by the nearest voxel, bytes stay bytes.
      const nearest = { ...finer, mode: 'nearest' };
      const back = { name: 'Invert', fields: BOTH, mode };
      using inverted = await prepared([LOAD, nearest, back], { files });
      const dtypes = BOTH.map((name) => inverted.array(name).storage.dtype);
      assert.deepEqual(
        dtypes,
        [image, label].map((linear) => (linear ? 'float32' : 'uint8')),
      );
    });
  }

  it('is refused where its list does not go with the fields', () => {
    for (const name of ['Spacing', 'RandAffine', 'Invert']) {
      const size = name === 'Spacing' ? { pixdim: [1, 1, 1] } : {};
      const wrong = { name, fields: BOTH, mode: ['nearest'], ...size };
      const question = { files, hasPoints: false };
      const { problems } = compilePreparation({ pre_transforms: [LOAD, wrong] }, question);
      assert.deepEqual(
        problems.map(({ path, got, expected }) => [path.join('.'), got, expected]),
        [['pre_transforms.1.mode', '1 modes', '2, one for each field']],
      );
    }
  });

  it('goes with the fields that are there without a network', () => {
    const mode = ['bilinear', 'nearest', 'nearest'];
    const invert = { name: 'Invert', fields: ['model', ...BOTH], mode };
    const source = {
      pre_transforms: [LOAD],
      output_nodes: { model: 'out' },
      post_transforms: [invert],
    };
    const { preparation } = compilePreparation(source, { files, hasPoints: false });
    const [, step] = (preparation?.steps ?? []) as readonly BoundTransform[];
    assert.ok(preparation && step);
    assert.equal(isFault(step.writes(preparation.types)), false);
  });
});
