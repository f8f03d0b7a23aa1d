import assert from 'node:assert/strict';
import { nearest } from '#errors';

const NAMES = ['annotation_hippocampus', 'annotation_any', 'labels'];

describe('nearest', () => {
  it('finds what was meant, whatever the case', () => {
    assert.equal(nearest('anotation_hipocampus', NAMES), 'annotation_hippocampus');
    assert.equal(nearest('LABEL', NAMES), 'labels');
  });

  it('says nothing when no name is near', () => {
    assert.equal(nearest('spleen', NAMES), undefined);
    assert.equal(nearest('x', []), undefined);
  });

  it('takes the first of equals', () => {
    assert.equal(nearest('ac', ['ab', 'ad']), 'ab');
  });
});
