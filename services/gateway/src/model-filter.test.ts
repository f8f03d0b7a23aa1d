import assert from 'node:assert/strict';
import { Model, ModelType } from '#proto/sextant/v1/model';
import { filterModels, modelNamed } from './model-filter.ts';

const MODELS = [
  Model.fromPartial({ name: 'spleen', labels: ['Spleen'], type: ModelType.MODEL_TYPE_ANNOTATION }),
  Model.fromPartial({
    name: 'lungs',
    labels: ['left lung', 'right lung'],
    type: ModelType.MODEL_TYPE_SEGMENTATION,
  }),
];
const names = (filter: Parameters<typeof filterModels>[1]) =>
  filterModels(MODELS, filter).map(({ name }) => name);

describe('the filter of models', () => {
  it('keeps all without conditions, in their order', () => {
    assert.deepEqual(names({}), ['spleen', 'lungs']);
    assert.deepEqual(names({ label: '', type: ModelType.MODEL_TYPE_UNSPECIFIED }), [
      'spleen',
      'lungs',
    ]);
  });

  it('matches labels that contain the text or are contained in it, letter case ignored', () => {
    assert.deepEqual(names({ label: 'LUNG' }), ['lungs']);
    assert.deepEqual(names({ label: 'the spleen of a child' }), ['spleen']);
    assert.deepEqual(names({ label: 'liver' }), []);
  });

  it('takes type and label together', () => {
    assert.deepEqual(names({ type: ModelType.MODEL_TYPE_SEGMENTATION, label: 'spleen' }), []);
  });

  it('finds by name, or tells the nearest', () => {
    assert.equal(modelNamed(MODELS, 'lungs', 'name'), MODELS[1]);
    assert.throws(() => modelNamed(MODELS, 'spleem', 'name'), /did you mean spleen\?/);
    assert.throws(() => modelNamed([], 'x', 'name'), /none is loaded/);
  });
});
