import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layoutOf, makeFolders } from './layout.ts';
import { openLmdbRecords } from './lmdb-records.ts';
import { openStore } from './store.ts';
import { chunked, collect, inTemporaryFolder, patternBytes } from './test-support.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('an upload', () => {
  const bytes = patternBytes(300_000);

  it('becomes a volume named by the digest of its bytes', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const { uploadId } = await store.createUpload({ sizeBytes: bytes.length });
      assert.deepEqual(await store.uploadState(uploadId), { offsetBytes: 0, sizeBytes: 300_000 });
      const { volumeId, receipt } = await store.writeUpload(uploadId, 0, chunked(bytes));
      assert.equal(volumeId, sha256(bytes));
      assert.equal(await store.openReceipt(receipt), volumeId);
      assert.deepEqual(new Uint8Array(await readFile(store.volumePath(volumeId))), bytes);
      assert.deepEqual(
        Buffer.concat(await collect(store.readVolume(volumeId))),
        Buffer.from(bytes),
      );
      await store.close();
    }));

  it('is stored once when it is sent twice, with a receipt each', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const first = await store.writeUpload(
        (await store.createUpload({ sizeBytes: bytes.length })).uploadId,
        0,
        chunked(bytes),
      );
      const again = await store.writeUpload(
        (await store.createUpload({ sizeBytes: bytes.length })).uploadId,
        0,
        chunked(bytes),
      );
      assert.equal(again.volumeId, first.volumeId);
      assert.notEqual(again.receipt, first.receipt);
      const usage = await store.usage();
      assert.deepEqual(usage, {
        storedBytes: bytes.length,
        promisedBytes: 0,
        openUploads: 0,
        sessions: 0,
      });
      await store.close();
    }));

  it('goes on after a cut, at the offset that is durable or before it', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const { uploadId } = await store.createUpload({ sizeBytes: bytes.length });
      await assert.rejects(store.writeUpload(uploadId, 0, chunked(bytes.subarray(0, 100_000))), {
        reason: 'VOLUME_TRUNCATED',
      });
      assert.equal((await store.uploadState(uploadId)).offsetBytes, 100_000);
      const early = chunked(bytes.subarray(50_000, 120_000));
      await assert.rejects(store.writeUpload(uploadId, 50_000, early), {
        reason: 'VOLUME_TRUNCATED',
      });
      const rest = chunked(bytes.subarray(120_000));
      assert.equal((await store.writeUpload(uploadId, 120_000, rest)).volumeId, sha256(bytes));
      await store.close();
    }));

  it('goes on after the store was closed and opened', () =>
    inTemporaryFolder(async (directory) => {
      const before = await openStore({ directory });
      const { uploadId } = await before.createUpload({ sizeBytes: bytes.length });
      const start = chunked(bytes.subarray(0, 70_000));
      await assert.rejects(before.writeUpload(uploadId, 0, start), { reason: 'VOLUME_TRUNCATED' });
      await before.close();
      const store = await openStore({ directory });
      const { offsetBytes } = await store.uploadState(uploadId);
      assert.equal(offsetBytes, 70_000);
      const { volumeId } = await store.writeUpload(
        uploadId,
        70_000,
        chunked(bytes.subarray(70_000)),
      );
      assert.equal(volumeId, sha256(bytes));
      await store.close();
    }));

  it('refuses an offset beyond what is durable, and one that is no offset', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const { uploadId } = await store.createUpload({ sizeBytes: bytes.length });
      for (const offset of [1, -1, 0.5, Number.NaN, bytes.length]) {
        const write = store.writeUpload(uploadId, offset, chunked(bytes));
        await assert.rejects(write, { reason: 'UPLOAD_OFFSET_MISMATCH' }, String(offset));
      }
      await store.close();
    }));

  it('refuses more bytes than were announced', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const { uploadId } = await store.createUpload({ sizeBytes: bytes.length - 1 });
      const write = store.writeUpload(uploadId, 0, chunked(bytes));
      await assert.rejects(write, { reason: 'ARGUMENT_INVALID' });
      await store.close();
    }));

  it('gives the same answer again when the first was lost', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const { uploadId } = await store.createUpload({ sizeBytes: bytes.length });
      const first = await store.writeUpload(uploadId, 0, chunked(bytes));
      const again = await store.writeUpload(uploadId, bytes.length, chunked(new Uint8Array()));
      assert.deepEqual(again, first);
      await store.close();
    }));

  it('stops in mid-wait when its signal fires, and keeps what has come', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const { uploadId } = await store.createUpload({ sizeBytes: bytes.length });
      const cut = new AbortController();
      async function* stalling() {
        yield bytes.subarray(0, 1000);
        setTimeout(() => cut.abort(), 20);
        await new Promise(() => {});
      }
      const write = store.writeUpload(uploadId, 0, stalling(), cut.signal);
      await assert.rejects(write, { reason: 'CANCELLED' });
      assert.equal((await store.uploadState(uploadId)).offsetBytes, 1000);
      await store.close();
    }));

  it('is taken over by a second stream while the first hangs', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const { uploadId } = await store.createUpload({ sizeBytes: bytes.length });
      let begun = () => {};
      const started = new Promise<void>((resolve) => {
        begun = resolve;
      });
      async function* hanging() {
        yield bytes.subarray(0, 1000);
        begun();
        await new Promise(() => {});
      }
      const first = assert.rejects(store.writeUpload(uploadId, 0, hanging()), {
        reason: 'CANCELLED',
      });
      await started;
      const second = await store.writeUpload(uploadId, 0, chunked(bytes));
      await first;
      assert.equal(second.volumeId, sha256(bytes));
      await store.close();
    }));

  it('is kept when only the record of its volume is left, and not its file', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const bytes = patternBytes(5000);
      const first = await store.createUpload({ sizeBytes: bytes.length });
      const { volumeId } = await store.writeUpload(first.uploadId, 0, chunked(bytes));
      await rm(store.volumePath(volumeId));
      const second = await store.createUpload({ sizeBytes: bytes.length });
      await store.writeUpload(second.uploadId, 0, chunked(bytes));
      assert.deepEqual(await readFile(store.volumePath(volumeId)), Buffer.from(bytes));
      await store.close();
    }));

  it('is finished at opening when a crash came between rename and record', () =>
    inTemporaryFolder(async (directory) => {
      const layout = layoutOf(directory);
      await makeFolders(layout);
      const records = openLmdbRecords(layout.records);
      const uploadId = 'a'.repeat(32);
      const volumeId = sha256(bytes);
      const size = { sizeBytes: bytes.length, offsetBytes: bytes.length, nonce: '', touchedMs: 0 };
      const record = { ...size, committing: volumeId };
      await records.commit([{ table: 'uploads', key: uploadId, record }]);
      await records.close();
      await writeFile(join(layout.volumes, volumeId), bytes);

      const store = await openStore({ directory });
      const answer = await store.writeUpload(uploadId, bytes.length, chunked(new Uint8Array()));
      assert.equal(answer.volumeId, volumeId);
      assert.equal(await store.openReceipt(answer.receipt), volumeId);
      await store.close();
    }));
});
