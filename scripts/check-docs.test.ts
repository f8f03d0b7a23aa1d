import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, 'check-docs.mjs');

describe('the check of documents', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-docs-'));
    writeFileSync(join(folder, 'package.json'), '{"scripts": {"start": "true"}}');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('passes links, anchors, paths and scripts that are there', () => {
    const page = '# A Title\n[here](#a-title) [itself](README.md) `npm run start`\n';
    assert.equal(check(page).status, 0);
  });

  for (const dead of [
    '[gone](nowhere.md)',
    '![gone](picture.png)',
    '[gone](#no-such-title)',
    '`packages/nowhere/index.ts`',
    '`npm run nothing`',
  ]) {
    it(`fails for ${dead}`, () => {
      const { status, stdout } = check(`# Title\n${dead}\n`);
      assert.equal(status, 1);
      assert.match(stdout, /^README\.md: /);
    });
  }

  function check(page: string) {
    writeFileSync(join(folder, 'README.md'), page);
    return spawnSync(process.execPath, [SCRIPT, folder], { encoding: 'utf8' });
  }
});
