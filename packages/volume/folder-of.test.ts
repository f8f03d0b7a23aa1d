import assert from 'node:assert/strict';
import { folderOf, withinBytes } from './folder-of.ts';

describe('the folder of files', () => {
  it('is what they lie in together', () => {
    for (const [names, folder] of [
      [[], ''],
      [['1.dcm'], ''],
      [['ct/1.dcm', 'ct/2.dcm'], 'ct'],
      [['ct/a/1.dcm', 'ct/b/1.dcm'], 'ct'],
      [['ct/a/1.dcm', 'ct/1.dcm'], 'ct'],
      [['ct/1.dcm', 'ct/a/1.dcm'], 'ct'],
      [['ct/1.dcm', 'ctb/1.dcm'], ''],
      [['ein Fall/größe/1'], 'ein Fall/größe'],
    ] as const) {
      assert.equal(folderOf(names), folder, String(names));
    }
  });

  it('leads down and nowhere else, whatever the names', () => {
    for (const [name, folder] of [
      ['../../etc/passwd', 'etc'],
      ['/etc/passwd', 'etc'],
      ['a/./b/../../../c/1', 'a/b/c'],
      ['a//b/1', 'a/b'],
      ['..\\..\\x/1', '.._.._x'],
      ['a\nb\0c/1', 'a_b_c'],
      [`${'ä'.repeat(200)}/1`, 'ä'.repeat(127)],
    ] as const) {
      assert.equal(folderOf([name]), folder);
    }
  });
});

describe('a text within bytes', () => {
  it('is cut between two characters', () => {
    assert.equal(withinBytes('aä😀', 7), 'aä😀');
    assert.equal(withinBytes('aä😀', 6), 'aä');
    assert.equal(withinBytes('aä😀', 2), 'a');
  });
});
