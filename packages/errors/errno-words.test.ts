import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { errnoWords } from './errno-words.ts';

describe('the words for an error of the system', () => {
  it('are words where there are some, and else its code', () => {
    assert.throws(
      () => readFileSync('/nowhere/at-all'),
      (error) => errnoWords(error) === 'no such file or folder',
    );
    assert.equal(errnoWords(Object.assign(new Error('x'), { code: 'EXDEV' })), 'EXDEV');
    assert.equal(errnoWords('a bare text'), 'a bare text');
  });
});
