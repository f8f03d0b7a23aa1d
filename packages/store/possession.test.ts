import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { FewAtOnce } from './few-at-once.ts';
import { STORE_LIMITS } from './limits.ts';
import { openStore } from './store.ts';
import { chunked, inTemporaryFolder, patternBytes } from './test-support.ts';

const never = new AbortController().signal;

describe('proofs of possession', () => {
  it('leave the event loop its turns while a large volume is digested', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const bytes = patternBytes(32 << 20);
      const first = await store.createUpload({ sizeBytes: bytes.length });
      const { volumeId } = await store.writeUpload(first.uploadId, 0, chunked(bytes, 1 << 20));
      const { uploadId, nonce } = await store.createUpload({ sizeBytes: bytes.length });
      const proof = createHash('sha256').update(nonce).update(bytes).digest();
      let turns = 0;
      const count = () => {
        turns += 1;
        turning = setImmediate(count);
      };
      let turning = setImmediate(count);
      await store.proveUpload(uploadId, { volumeId, proof });
      clearImmediate(turning);
      const pieces = bytes.length / STORE_LIMITS.proofPieceBytes;
      assert.ok(turns >= pieces / 2, `${turns} turns of the loop for ${pieces} pieces`);
      await store.close();
    }));

  it('are checked a few at once; who waits can leave', async () => {
    const few = new FewAtOnce(2);
    let running = 0;
    let most = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await delay(5);
      running -= 1;
    };
    const leave = new AbortController();
    const first = [few.run(never, work), few.run(never, work)];
    const gone = assert.rejects(few.run(leave.signal, work), { reason: 'CANCELLED' });
    leave.abort();
    await gone;
    await Promise.all([...first, ...Array.from({ length: 6 }, () => few.run(never, work))]);
    assert.equal(most, 2);
    await few.run(never, work);
  });
});
