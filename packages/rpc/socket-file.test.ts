import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

  it('is removed when nobody answers', async () => {
    const path = join(folder, 's');
    writeFileSync(path, '');
    await clearSocket(path, '--socket');
    assert.ok(!existsSync(path));
  });

  it('stays, and is an error, when somebody does', async () => {
    const path = join(folder, 's');
    const owner = createServer().listen(path);
    await once(owner, 'listening');
    await assert.rejects(clearSocket(path, '--socket'), { reason: 'PORT_TAKEN' });
    assert.ok(existsSync(path));
    owner.close();
  });

  it('cannot have a path too long for a socket', async () => {
    await assert.rejects(clearSocket(join(folder, 'x'.repeat(100)), '--socket'), /at most 107/);
  });
});
