import assert from 'node:assert/strict';
import { openStore } from './store.ts';
import { chunked, inTemporaryFolder, patternBytes } from './test-support.ts';

const grid = {
  shape: [1, 1, 1],
  affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
} as const;
const HOUR_MS = 3_600_000;
const LIMIT = { reason: 'LIMIT_EXCEEDED' };

describe('what a peer has in a store', () => {
  it('is counted over a restart, each peer for itself', () =>
    inTemporaryFolder(async (directory) => {
      const bounds = { directory, uploadsPerPeer: 2, sessionsPerPeer: 2 };
      const before = await openStore(bounds);
      const bytes = patternBytes(100);
      const { uploadId } = await before.createUpload({ sizeBytes: 100, peer: 'a' });
      const { volumeId } = await before.writeUpload(uploadId, 0, chunked(bytes));
      for (let i = 0; i < 2; i++) {
        await before.createUpload({ sizeBytes: 100, peer: 'a' });
        await before.createSession({ volumeId, grid, peer: 'a' });
      }
      await before.close();

      const store = await openStore(bounds);
      await assert.rejects(store.createUpload({ sizeBytes: 100, peer: 'a' }), LIMIT);
      await assert.rejects(store.createSession({ volumeId, grid, peer: 'a' }), LIMIT);
      await store.createUpload({ sizeBytes: 100, peer: 'b' });
      await store.createSession({ volumeId, grid, peer: 'b' });
      await store.close();
    }));

  it('no longer counts what has expired', () =>
    inTemporaryFolder(async (directory) => {
      let nowMs = Date.parse('2026-01-01T00:00:00Z');
      const bounds = { uploadsPerPeer: 1, sessionsPerPeer: 1, sweepMs: 0, now: () => nowMs };
      const store = await openStore({ directory, ...bounds, sessionMs: 10 * HOUR_MS });
      const { uploadId } = await store.createUpload({ sizeBytes: 100, peer: 'b' });
      const { volumeId } = await store.writeUpload(uploadId, 0, chunked(patternBytes(100)));
      await store.createUpload({ sizeBytes: 100, peer: 'a' });
      await store.createSession({ volumeId, grid, peer: 'a' });
      nowMs += 9 * HOUR_MS;
      await assert.rejects(store.createUpload({ sizeBytes: 100, peer: 'a' }), LIMIT);
      await assert.rejects(store.createSession({ volumeId, grid, peer: 'a' }), LIMIT);
      nowMs += 2 * HOUR_MS;
      await store.createSession({ volumeId, grid, peer: 'a' });
      nowMs += 14 * HOUR_MS;
      await store.createUpload({ sizeBytes: 100, peer: 'a' });
      await store.close();
    }));

  it('and what a store holds is counted alike while it runs and from its records', () =>
    inTemporaryFolder(async (directory) => {
      let store = await openStore({ directory });
      for (let seed = 1; seed <= 12; seed++) {
        const bytes = patternBytes(50 * (1 + (seed % 5)), seed % 5);
        const { uploadId } = await store.createUpload({ sizeBytes: bytes.length, peer: 'a' });
        const until = seed % 3 === 0 ? 10 : bytes.length;
        const written = store.writeUpload(uploadId, 0, chunked(bytes.subarray(0, until)));
        if (until === bytes.length) await written;
        else await assert.rejects(written, { reason: 'VOLUME_TRUNCATED' });
      }
      const counted = await store.usage();
      assert.ok(counted.storedBytes > 0 && counted.openUploads === 4, JSON.stringify(counted));
      await store.close();
      store = await openStore({ directory });
      assert.deepEqual(await store.usage(), counted);
      await store.close();
    }));
});
