import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './testing/run-sextant.ts';
import { openUploadMemory } from './upload-memory.ts';

const SERVER = '127.0.0.1:50051';
const FILE = { place: '1:2', version: '1:2:300:4' };
const UPLOAD = { uploadId: 'ab'.repeat(16), volumeId: 'cd'.repeat(32), nonce: undefined };

describe('what is remembered of an upload', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let lines: string[];
  const open = (identity = FILE, server = SERVER) =>
    openUploadMemory({ server, identity }, { home: folder.path, warn: (l) => lines.push(l) });
  const record = () => {
    const [name = ''] = readdirSync(join(folder.path, 'uploads'));
    return join(folder.path, 'uploads', name);
  };
  /** As if another process had written it. */
  const heldBy = (pid: number) => {
    const written = JSON.parse(readFileSync(record(), 'utf8'));
    writeFileSync(record(), JSON.stringify({ ...written, holder: { ...written.holder, pid } }));
  };
  beforeEach(() => {
    folder = temporaryFolder();
    lines = [];
  });
  afterEach(() => folder.remove());

  it('is there for the next call, until it is forgotten', async () => {
    const first = await open();
    assert.equal(await first.recall(), undefined);
    await first.keep({ ...UPLOAD, nonce: '00ff' });
    assert.deepEqual(await (await open()).recall(), { ...UPLOAD, nonce: '00ff' });
    await first.keep(UPLOAD);
    assert.deepEqual(await (await open()).recall(), UPLOAD);
    await first.forget();
    assert.equal(await first.recall(), undefined);
    assert.equal(await (await open()).recall(), undefined);
  });

  it('is of one file, one version of it, and one server', async () => {
    await (await open()).keep(UPLOAD);
    assert.equal(await (await open({ ...FILE, version: '1:2:300:5' })).recall(), undefined);
    assert.equal(await (await open({ place: '1:3', version: FILE.version })).recall(), undefined);
    assert.equal(await (await open(FILE, '127.0.0.1:50052')).recall(), undefined);
    assert.deepEqual(await (await open()).recall(), UPLOAD);
  });

  it('is not shared with a process that still sends, and is taken over from one that is gone', async () => {
    await (await open()).keep(UPLOAD);
    heldBy(process.ppid);
    const beside = await open();
    assert.equal(await beside.recall(), undefined);
    assert.equal(beside.lasts, false);
    await beside.keep({ ...UPLOAD, uploadId: 'ef'.repeat(16) });
    assert.match(readFileSync(record(), 'utf8'), /(ab){16}/, "the other's stays");
    const { pid } = spawnSync(process.execPath, ['--version']);
    heldBy(pid);
    assert.deepEqual(await (await open()).recall(), UPLOAD);
  });

  it('lasts for this call alone when the state folder can no longer be written, with a line', async () => {
    const memory = await open();
    rmSync(join(folder.path, 'uploads'), { recursive: true });
    mkdirSync(join(folder.path, 'gone'));
    await memory.keep(UPLOAD);
    await memory.keep(UPLOAD);
    assert.deepEqual(await memory.recall(), UPLOAD);
    assert.equal(memory.lasts, false);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /another call could not go on with this upload: .*XDG_STATE_HOME/);
    await memory.forget();
  });
});
