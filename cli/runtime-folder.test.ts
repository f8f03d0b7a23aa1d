import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { makeRuntimeFolder } from './runtime-folder.ts';
import { temporaryFolder } from './testing/run-sextant.ts';

/** The id of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['--version']).pid;

describe('the runtime folder', () => {
  let base: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    base = temporaryFolder();
  });
  afterEach(() => base.remove());

  it('is made, and gone when removed', async () => {
    const folder = await makeRuntimeFolder([undefined, base.path]);
    const [name = ''] = readdirSync(base.path);
    assert.equal(folder.socket('inference'), join(base.path, name, 'inference.sock'));
    folder.remove();
    folder.remove();
    assert.deepEqual(readdirSync(base.path), []);
  });

  it('passes over a base whose sockets would have too long a path', async () => {
    const long = join(base.path, 'x'.repeat(90));
    mkdirSync(long);
    const folder = await makeRuntimeFolder([long, base.path]);
    assert.ok(Buffer.byteLength(folder.socket('inference')) <= 107);
    folder.remove();
    await assert.rejects(makeRuntimeFolder([long]), { reason: 'FILE_UNWRITABLE' });
  });

  it('removes what killed supervisors left, and nothing else', async () => {
    const left = join(base.path, `sextant-run-${deadPid()}-abcdef`);
    const before = join(base.path, `sextant-run-${process.pid}-abcdef`);
    const alive = join(base.path, `sextant-run-${process.ppid}-abcdef`);
    const foreign = join(base.path, 'sextant-run-notes');
    for (const path of [left, before, alive, foreign]) mkdirSync(path);
    writeFileSync(join(left, 'inference.sock'), '');
    (await makeRuntimeFolder([base.path])).remove();
    const kept = [left, before, alive, foreign].map(existsSync);
    assert.deepEqual(kept, [false, false, true, true]);
  });

  it('leaves a folder whose socket answers, whatever its process id says', async () => {
    const folder = join(base.path, `sextant-run-${deadPid()}-abcdef`);
    mkdirSync(folder);
    const server = createServer((socket) => socket.destroy()).listen(
      join(folder, 'inference.sock'),
    );
    await new Promise((resolve) => server.once('listening', resolve));
    (await makeRuntimeFolder([base.path])).remove();
    assert.ok(existsSync(folder));
    server.close();
  });
});
