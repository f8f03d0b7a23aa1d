import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder, removeEmpty } from './make-folder.ts';

describe('makeFolder', () => {
  let root: string;
  const at = (name: string) => join(root, name);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sextant-folder-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('makes what is missing, and tells what', async () => {
    assert.deepEqual(await makeFolder(at('a/b/c'), 0o700), [at('a'), at('a/b'), at('a/b/c')]);
    assert.equal(statSync(at('a/b/c')).mode & 0o777, 0o700);
    assert.deepEqual(await makeFolder(at('a/b/d')), [at('a/b/d')]);
    assert.deepEqual(await makeFolder(at('a/b/d')), []);
  });

  it('fails at once where nothing can be made', async () => {
    await assert.rejects(makeFolder('/proc/x/y'), { code: 'ENOENT' });
    writeFileSync(at('file'), '');
    await assert.rejects(makeFolder(at('file')), { code: 'ENOTDIR' });
    await assert.rejects(makeFolder(at('file/below')), { code: 'ENOTDIR' });
  });

  it('is made by several at once', async () => {
    await Promise.all([1, 2, 3, 4].map(() => makeFolder(at('x/y/z'))));
    assert.ok(existsSync(at('x/y/z')));
  });

  it('leaves no empty folder when it is taken back, and no full one goes', async () => {
    const made = await makeFolder(at('a/b/c'));
    writeFileSync(at('a/kept'), '');
    await removeEmpty(made);
    assert.deepEqual([existsSync(at('a/b')), existsSync(at('a/kept'))], [false, true]);
  });
});
