import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { openStore, type Store } from './store.ts';
import { chunked, inTemporaryFolder, patternBytes } from './test-support.ts';

const FILE = patternBytes(1000);

describe('an upload whose file is refused', () => {
  async function sent(store: Store) {
    const { uploadId } = await store.createUpload({ sizeBytes: FILE.length });
    return { uploadId, ...(await store.writeUpload(uploadId, 0, chunked(FILE))) };
  }

  it('is forgotten with its receipt, and its file gone', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory, sweepMs: 0 });
      try {
        const { uploadId, receipt, volumeId } = await sent(store);
        await store.refuseUpload(uploadId);
        assert.equal(existsSync(store.volumePath(volumeId)), false);
        assert.equal((await store.usage()).storedBytes, 0);
        await assert.rejects(store.uploadState(uploadId), { reason: 'UPLOAD_UNKNOWN' });
        await assert.rejects(store.openReceipt(receipt), { reason: 'VOLUME_UNKNOWN' });
      } finally {
        await store.close();
      }
    }));

  it('leaves the file to the receipts and sessions of others', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory, sweepMs: 0 });
      try {
        const first = await sent(store);
        const second = await sent(store);
        await store.refuseUpload(first.uploadId);
        assert.equal(await store.openReceipt(second.receipt), second.volumeId);
        const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
        const grid = { shape: [1, 1, 1], affine } as never;
        const { sessionId, volumeId } = await store.createSession({ ...second, grid });
        await store.refuseUpload(second.uploadId);
        assert.equal(existsSync(store.volumePath(volumeId)), true);
        await store.deleteSession(sessionId);
      } finally {
        await store.close();
      }
    }));
});
