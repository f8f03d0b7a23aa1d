import assert from 'node:assert/strict';
import { Tensor } from '#kernels';
import { compilePreparation } from '../chain/compile-preparation.ts';
import { fieldOf } from '../field.ts';
import { Fields } from '../fields.ts';
import { pointsOnGrid } from './points-on-grid.ts';

const ORIGIN = {
  shape: [4, 4, 4],
  affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
} as const;
const FILES = { image: ['image.nii'] };
const ELASTIC = { name: 'Rand3DElastic', fields: 'image', prob: 1 };
const FAST = {
  name: 'transforms_fastaug.TransformVolumeCropROIFastPosNegRatio',
  ...{ applied_keys: ['image', 'label'], size: [4, 4, 4], pos: 1, neg: 1 },
  ...{ rotation: false, scale: false },
};
const POINTS = {
  name: 'AddExtremePointsChannel',
  ...{ image_field: 'image', label_field: 'label', sigma: 1 },
};
const CROP = {
  name: 'CropForegroundObject',
  ...{ image_field: 'image', label_field: 'label', size: [4, 4, 4] },
};
const INVERT = { name: 'Invert', fields: 'image' };
const RESTORE = { name: 'RestoreOriginalShape', field: 'image', src_field: 'image' };

function problemsOf(transforms: readonly object[], files: object = FILES) {
  const load = { name: 'LoadNifty', fields: Object.keys(files) };
  const source = { pre_transforms: [load, ...transforms] };
  return compilePreparation(source, { files: { ...FILES, ...files }, hasPoints: true }).problems;
}

describe('points on the grid of a field', () => {
  for (const [name, path, transforms] of [
    ['AddExtremePointsChannel', 'image_field', [ELASTIC, POINTS]],
    ['CropForegroundObject', 'image_field', [ELASTIC, CROP]],
    ['Invert', 'fields', [ELASTIC, INVERT]],
    ['RestoreOriginalShape', 'field', [ELASTIC, RESTORE]],
  ] as const) {
    it(`${name} is refused behind a deformation when the chain is checked`, () => {
      const [problem, ...others] = problemsOf(transforms);
      assert.deepEqual(others, []);
      assert.deepEqual(problem?.path, ['pre_transforms', 2, path]);
      assert.match(problem?.got ?? '', / deformed/);
      assert.ok(problem?.remedy);
    });
  }

  it('a crop counts as a deformation where it deforms', () => {
    const files = { image: ['image.nii'], label: ['label.nii'] };
    assert.equal(problemsOf([{ ...FAST, deform: true }, INVERT], files).length, 1);
    assert.equal(problemsOf([{ ...FAST, deform: false }, INVERT], files).length, 0);
  });

  it('is allowed where there is nothing to lead back from', () => {
    assert.deepEqual(problemsOf([POINTS, ELASTIC]), []);
    const files = { image: ['image.nii'], label: ['label.nii'] };
    assert.deepEqual(problemsOf([{ ...ELASTIC, fields: ['image', 'label'] }, POINTS], files), []);
  });

  it('refuses points on a field that was deformed, and places them on any other', () => {
    const toOrigin = [1, 0, 0, 2, 0, 1, 0, 0, 0, 0, 1, 0];
    for (const isDeformed of [false, true]) {
      const place = { origin: ORIGIN, toOrigin, isDeformed };
      using fields = new Fields([
        ['image', fieldOf(Tensor.empty('uint8', [1, 4, 4, 4]), { place })],
      ]);
      const placed = () => pointsOnGrid([[3, 1, 2]], 'image', fields);
      if (isDeformed) assert.throws(placed, { reason: 'CONFIG_INVALID', subject: 'image' });
      else assert.deepEqual(placed(), [[1, 1, 2]]);
    }
  });
});
