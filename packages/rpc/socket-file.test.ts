import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearSocket } from './socket-file.ts';

describe('a socket that is in the way', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-socket-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is removed when its process was killed', async () => {
    const path = join(folder, 's');
    const program = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', program]);
    assert.ok(existsSync(path), 'the killed process left it');
    await clearSocket(path, '--socket');
    assert.ok(!existsSync(path), 'it is gone');
  });

  it('is left alone when it is another kind of file', async () => {
    const path = join(folder, 'thesis.txt');
    writeFileSync(path, 'years of work');
    await assert.rejects(clearSocket(path, '--socket'), { reason: 'CONFIG_INVALID' });
    assert.equal(readFileSync(path, 'utf8'), 'years of work');
  });

  it('stays, and is an error, when somebody does', async () => {
    const path = join(folder, 's');
    const owner = createServer().listen(path);
    await once(owner, 'listening');
    await assert.rejects(clearSocket(path, '--socket'), { reason: 'PORT_TAKEN' });
    assert.ok(existsSync(path), 'it is still there');
    owner.close();
  });

  it('cannot have a path too long for a socket', async () => {
    await assert.rejects(clearSocket(join(folder, 'x'.repeat(100)), '--socket'), /at most 107/);
  });
});
