import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFull } from './disk-full.ts';
import { layoutOf } from './layout.ts';
import { openLmdbRecords } from './lmdb-records.ts';
import type { Records } from './records.ts';
import { sweepStore } from './retention.ts';
import { openStore, type Store } from './store.ts';
import { chunked, inTemporaryFolder, patternBytes } from './test-support.ts';

const grid = {
  shape: [1, 1, 1],
  affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
} as const;
const HOUR_MS = 3_600_000;

/** A store under a clock that the test turns. */
async function withClock(
  work: (store: Store, clock: { hours: number }, directory: string) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (directory) => {
    const clock = { hours: 0 };
    const start = Date.parse('2026-01-01T00:00:00Z');
    const now = () => start + clock.hours * HOUR_MS;
    const store = await openStore({ directory, now, sweepMs: 0 });
    try {
      await work(store, clock, directory);
    } finally {
      await store.close();
    }
  });
}

const upload = async (store: Store, seed: number) => {
  const bytes = patternBytes(1000, seed);
  const { uploadId } = await store.createUpload({ sizeBytes: bytes.length });
  return await store.writeUpload(uploadId, 0, chunked(bytes));
};

describe('retention', () => {
  it('ends a session a day after its last call, and every call slides it', () =>
    withClock(async (store, clock) => {
      const { volumeId } = await upload(store, 1);
      const { sessionId } = await store.createSession({ volumeId, grid });
      for (clock.hours = 23; clock.hours < 100; clock.hours += 23)
        await store.getSession(sessionId);
      clock.hours = 92 + 23.9;
      await store.getSession(sessionId);
      clock.hours += 24.1;
      await assert.rejects(store.getSession(sessionId), { reason: 'SESSION_EXPIRED' });
      await store.sweep();
      await assert.rejects(store.getSession(sessionId), { reason: 'SESSION_EXPIRED' });
      clock.hours += 31 * 24;
      assert.equal((await store.sweep()).sessions, 1);
      await assert.rejects(store.getSession(sessionId), { reason: 'SESSION_UNKNOWN' });
    }));

  it('keeps a volume for a day after the last session that used it', () =>
    withClock(async (store, clock) => {
      const { volumeId } = await upload(store, 1);
      const first = await store.createSession({ volumeId, grid });
      const second = await store.createSession({ volumeId, grid });
      clock.hours = 20;
      await store.deleteSession(first.sessionId);
      await store.getSession(second.sessionId);
      clock.hours = 20 + 24 + 23;
      assert.equal((await store.sweep()).volumes, 0);
      assert.ok(existsSync(store.volumePath(volumeId)));
      clock.hours = 20 + 24 + 24.1;
      assert.equal((await store.sweep()).volumes, 1);
      assert.ok(!existsSync(store.volumePath(volumeId)));
      await assert.rejects(store.createSession({ volumeId, grid }), { reason: 'VOLUME_UNKNOWN' });
    }));

  it('lets a volume go a day after its last session was deleted', () =>
    withClock(async (store, clock) => {
      const { volumeId } = await upload(store, 1);
      const { sessionId } = await store.createSession({ volumeId, grid });
      clock.hours = 10;
      await store.deleteSession(sessionId);
      clock.hours = 33;
      assert.equal((await store.sweep()).volumes, 0);
      clock.hours = 34.1;
      assert.equal((await store.sweep()).volumes, 1);
    }));

  it('ends receipts and finished uploads after a day', () =>
    withClock(async (store, clock) => {
      const { receipt } = await upload(store, 1);
      clock.hours = 23;
      await store.openReceipt(receipt);
      clock.hours = 24;
      await assert.rejects(store.openReceipt(receipt), { reason: 'VOLUME_UNKNOWN' });
      const swept = await store.sweep();
      assert.deepEqual(swept, { sessions: 0, receipts: 1, uploads: 1, volumes: 1 });
    }));

  it('forgets an unfinished upload a day after its last byte', () =>
    withClock(async (store, clock, directory) => {
      const { uploadId } = await store.createUpload({ sizeBytes: 100 });
      clock.hours = 20;
      await assert.rejects(store.writeUpload(uploadId, 0, chunked(patternBytes(50))));
      clock.hours = 43;
      assert.equal((await store.sweep()).uploads, 0);
      clock.hours = 44;
      assert.equal((await store.sweep()).uploads, 1);
      assert.ok(!existsSync(join(directory, 'uploads', `${uploadId}.part`)));
      await assert.rejects(store.uploadState(uploadId), { reason: 'UPLOAD_UNKNOWN' });
    }));

  it('makes room for an upload by itself', () =>
    inTemporaryFolder(async (directory) => {
      const clock = { ms: 0 };
      const store = await openStore({
        directory,
        limitBytes: 1500,
        now: () => clock.ms,
        sweepMs: 0,
      });
      await upload(store, 1);
      await assert.rejects(store.createUpload({ sizeBytes: 1000 }), { reason: 'STORE_FULL' });
      clock.ms = 25 * HOUR_MS;
      await upload(store, 2);
      await store.close();
    }));

  it('removes files first where a full disk has no room to forget them', () =>
    inTemporaryFolder(async (directory) => {
      const before = await openStore({ directory });
      const { volumeId } = await upload(before, 1);
      await before.close();
      const layout = layoutOf(directory);
      const file = join(layout.volumes, volumeId);
      const records = openLmdbRecords(layout.records);
      const onFullDisk: Records = {
        get: (table, key) => records.get(table, key),
        entries: (table) => records.entries(table),
        close: () => records.close(),
        async commit(changes) {
          if (existsSync(file)) throw diskFull(undefined);
          await records.commit(changes);
        },
      };
      const times = { volumeMs: 0, uploadMs: 0, nowMs: Date.now() + 48 * HOUR_MS };
      const isBeingWritten = () => false;
      const swept = await sweepStore({ layout, records: onFullDisk, isBeingWritten, ...times });
      assert.equal(swept.volumes, 1);
      assert.equal(await records.get('volumes', volumeId), undefined);
      await records.close();
    }));

  it('drops files without a record and records without a file at opening', () =>
    inTemporaryFolder(async (directory) => {
      const before = await openStore({ directory });
      await before.close();
      const orphan = join(directory, 'volumes', 'a'.repeat(64));
      const part = join(directory, 'uploads', `${'b'.repeat(32)}.part`);
      await writeFile(orphan, 'x');
      await writeFile(part, 'x');
      await (await openStore({ directory })).close();
      assert.ok(!existsSync(orphan));
      assert.ok(!existsSync(part));
    }));
});
