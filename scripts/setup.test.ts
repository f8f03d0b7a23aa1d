import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const SETUP = join(import.meta.dirname, 'setup.mjs');

describe('set-up', () => {
  it('ends with one line to paste when it may not install what is missing', () => {
    const env = { PATH: '/nowhere', SEXTANT_NO_INSTALL: '1' };
    const { status, stderr } = spawnSync(process.execPath, [SETUP], { env, encoding: 'utf8' });
    assert.equal(status, 1);
    const lines = stderr.trim().split('\n').slice(1);
    assert.equal(lines.length, 1, stderr);
    assert.match(
      lines[0] ?? '',
      /^(sudo )?apt-get update && (sudo )?apt-get install -y --no-install-recommends g\+\+ make cmake$/,
    );
  });

  it('names both versions when Node.js is too old', () => {
    const older = 'Object.defineProperty(process.versions, "node", { value: "18.19.0" })';
    const args = ['--import', `data:text/javascript,${older}`, SETUP];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /^error: Node\.js 18\.19\.0 is too old: Sextant needs 20\.11 or newer\n$/);
  });
});
