import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { volumePathIn } from './layout.ts';
import { STORE_LIMITS } from './limits.ts';
import { openStore, type Store } from './store.ts';
import { chunked, collect, inTemporaryFolder, patternBytes } from './test-support.ts';

const grid = {
  shape: [2, 3, 4],
  affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
} as const;

async function storeBytes(store: Store, bytes: Uint8Array) {
  const { uploadId } = await store.createUpload({ sizeBytes: bytes.length });
  return await store.writeUpload(uploadId, 0, chunked(bytes));
}

describe('the store', () => {
  it('lets one process at a time write to a folder', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      await assert.rejects(openStore({ directory }), {
        reason: 'STORE_BUSY',
        got: `one that process ${process.pid} holds`,
      });
      await store.close();
      await (await openStore({ directory })).close();
    }));

  it('names a record file that is none', () =>
    inTemporaryFolder(async (directory) => {
      await writeFile(join(directory, 'records.mdb'), 'not a database '.repeat(1000));
      await assert.rejects(openStore({ directory }), { reason: 'STORE_CORRUPT' });
    }));

  it('keeps its folder to its owner', () =>
    inTemporaryFolder(async (folder) => {
      const directory = join(folder, 'data');
      const store = await openStore({ directory });
      const { volumeId } = await storeBytes(store, patternBytes(10));
      assert.equal((await stat(directory)).mode & 0o077, 0);
      assert.equal((await stat(store.volumePath(volumeId))).mode & 0o077, 0);
      await store.close();
    }));

  it('closes a folder to others that was there before, and keeps its records to its owner', () =>
    inTemporaryFolder(async (folder) => {
      const directory = join(folder, 'data');
      await mkdir(directory);
      await mkdir(join(directory, 'volumes'));
      const records = join(directory, 'records.mdb');
      await (await openStore({ directory })).close();
      await chmod(records, 0o644);
      await chmod(directory, 0o755);
      await chmod(join(directory, 'volumes'), 0o755);
      await (await openStore({ directory })).close();
      for (const name of ['', 'volumes', 'uploads', 'records.mdb', 'store.lock']) {
        const { mode } = await stat(join(directory, name));
        assert.equal(mode & 0o077, 0, name);
      }
      assert.equal((await stat(directory)).mode & 0o777, 0o700);
      assert.equal((await stat(records)).mode & 0o777, 0o600);
    }));

  it('says that a folder cannot be made', () =>
    inTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'data'), 'a file');
      const opening = openStore({ directory: join(folder, 'data') });
      await assert.rejects(opening, { reason: 'FILE_UNWRITABLE', got: 'ENOTDIR' });
    }));

  it('makes its records readable by its owner alone', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      for (const name of await readdir(directory)) {
        assert.equal((await stat(join(directory, name))).mode & 0o077, 0, name);
      }
      await store.close();
    }));

  it('keeps sessions over a restart, with frame and grid', () =>
    inTemporaryFolder(async (directory) => {
      const before = await openStore({ directory });
      const { volumeId } = await storeBytes(before, patternBytes(10));
      const { sessionId } = await before.createSession({ volumeId, grid, frame: 3 });
      await before.close();
      const store = await openStore({ directory });
      const session = await store.getSession(sessionId);
      assert.deepEqual(
        [session.volumeId, session.grid, session.frame, session.sessionId],
        [volumeId, grid, 3, sessionId],
      );
      await store.deleteSession(sessionId);
      await assert.rejects(store.getSession(sessionId), { reason: 'SESSION_UNKNOWN' });
      await store.close();
    }));

  it('ends a session whose volume is gone', () =>
    inTemporaryFolder(async (directory) => {
      const before = await openStore({ directory });
      const { volumeId } = await storeBytes(before, patternBytes(10));
      const { sessionId } = await before.createSession({ volumeId, grid });
      await before.close();
      await rm(before.volumePath(volumeId));
      const store = await openStore({ directory });
      await store.deleteSession(sessionId);
      await assert.rejects(store.getSession(sessionId), { reason: 'SESSION_UNKNOWN' });
      await store.close();
    }));

  it('opens nothing to a guess', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const { volumeId } = await storeBytes(store, patternBytes(10));
      const guesses = ['', '0'.repeat(32), 'g'.repeat(32), '../../etc/passwd', volumeId, '\0', 'ä'];
      for (const guess of guesses) {
        await assert.rejects(store.getSession(guess), { reason: 'SESSION_UNKNOWN' });
        await assert.rejects(store.deleteSession(guess), { reason: 'SESSION_UNKNOWN' });
        await assert.rejects(store.uploadState(guess), { reason: 'UPLOAD_UNKNOWN' });
        await assert.rejects(store.writeUpload(guess, 0, chunked(new Uint8Array(1))), {
          reason: 'UPLOAD_UNKNOWN',
        });
        await assert.rejects(store.openReceipt(guess), { reason: 'VOLUME_UNKNOWN' });
      }
      await store.close();
    }));

  it('leads no volume id out of its folder', () => {
    const digits = 'ab'.repeat(32);
    assert.equal(volumePathIn('/data', digits), `/data/volumes/${digits}`);
    for (const id of ['../records.mdb', `../${digits}`, digits.toUpperCase(), `${digits}\n`, '']) {
      assert.throws(() => volumePathIn('/data', id), { reason: 'VOLUME_UNKNOWN' });
    }
  });

  it('makes ids of 128 bits that do not repeat', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const { volumeId } = await storeBytes(store, patternBytes(10));
      const ids = new Set<string>();
      for (let i = 0; i < 50; i++) {
        ids.add((await store.createSession({ volumeId, grid })).sessionId);
        ids.add((await store.createUpload({ sizeBytes: 1 })).uploadId);
      }
      assert.equal(ids.size, 100);
      for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
      await store.close();
    }));

  it('refuses a session on a volume that it does not have', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const volumeId = '0'.repeat(64);
      await assert.rejects(store.createSession({ volumeId, grid }), { reason: 'VOLUME_UNKNOWN' });
      await assert.rejects(collect(store.readVolume(volumeId)), {
        reason: 'VOLUME_UNKNOWN',
      });
      await store.close();
    }));
});

describe('the room of a store', () => {
  it('is refused before the first byte, unfinished uploads counted', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory, limitBytes: 1000 });
      await storeBytes(store, patternBytes(400));
      await store.createUpload({ sizeBytes: 400 });
      await assert.rejects(store.createUpload({ sizeBytes: 201 }), { reason: 'STORE_FULL' });
      assert.equal((await readdir(join(directory, 'uploads'))).length, 0);
      await store.createUpload({ sizeBytes: 200 });
      await store.close();
    }));

  it('takes files up to the limit of one file', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory, uploadLimitBytes: 100 });
      await store.createUpload({ sizeBytes: 100 });
      await assert.rejects(store.createUpload({ sizeBytes: 101 }), { reason: 'LIMIT_EXCEEDED' });
      for (const size of [0, -1, 1.5, Number.NaN, 2 ** 60]) {
        await assert.rejects(
          store.createUpload({ sizeBytes: size }),
          { reason: 'ARGUMENT_INVALID' },
          String(size),
        );
      }
      await store.close();
    }));

  it('is not more than the disk has', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory, uploadLimitBytes: 2 ** 52 });
      await assert.rejects(store.createUpload({ sizeBytes: 2 ** 51 }), { reason: 'STORE_FULL' });
      await store.close();
    }));

  it('bounds the uploads that are open at once', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const opening = Array.from({ length: STORE_LIMITS.openUploads }, () =>
        store.createUpload({ sizeBytes: 1 }),
      );
      await Promise.all(opening);
      await assert.rejects(
        store.createUpload({ sizeBytes: 1 }),
        (error) =>
          error instanceof SextantError &&
          error.reason === 'LIMIT_EXCEEDED' &&
          error.retryAfterMs === STORE_LIMITS.retryUploadMs,
      );
      await store.close();
    })).timeout(120_000);
});
