import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweepTemporaryFolders, temporaryFolder } from './temporary-folder.ts';

describe('temporary folders', () => {
  const own = process.env.TMPDIR;
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sextant-test-'));
    process.env.TMPDIR = root;
  });
  afterEach(() => {
    if (own === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = own;
    rmSync(root, { recursive: true });
  });

  it('of processes that are no more are swept, with what is in them', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const stale = ['convert', 'archive'].map((kind) => join(root, `sextant-${kind}-${pid}-AbCdEf`));
    for (const folder of stale) {
      mkdirSync(folder);
      writeFileSync(join(folder, '0'), 'an image');
    }
    const ours = await temporaryFolder('convert');
    const others = [join(root, 'sextant-convert-x-1'), join(root, `other-${pid}-1`)];
    for (const folder of others) mkdirSync(folder);
    await sweepTemporaryFolders();
    assert.deepEqual(stale.map(existsSync), [false, false]);
    assert.deepEqual([ours, ...others].map(existsSync), [true, true, true]);
  });
});
