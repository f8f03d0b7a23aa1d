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

  it('does not compare a word of 4 MB', () => {
    const started = performance.now();
    assert.equal(nearest('a'.repeat(4_000_000), NAMES), undefined);
    assert.ok(performance.now() - started < 50);
    assert.equal(nearest(`${'b'.repeat(199)}c`, ['b'.repeat(200)]), 'b'.repeat(200));
  });

  it('takes the first of equals', () => {
    assert.equal(nearest('ac', ['ab', 'ad']), 'ab');
  });
});
