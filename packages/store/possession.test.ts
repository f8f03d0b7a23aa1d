import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { FewAtOnce } from './few-at-once.ts';
import { openStore } from './store.ts';
import { chunked, inTemporaryFolder, patternBytes } from './test-support.ts';

const never = new AbortController().signal;

describe('proofs of possession', () => {
  it('hold the event loop for a piece of a large volume, never for the whole', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const bytes = patternBytes(64 << 20);
      const first = await store.createUpload({ sizeBytes: bytes.length });
      const { volumeId } = await store.writeUpload(first.uploadId, 0, chunked(bytes, 1 << 20));
      const shares: number[] = [];
      // A busy machine holds the loop as well: one undisturbed proof of three shows it.
      for (let trial = 0; trial < 3; trial++) {
        const { uploadId, nonce } = await store.createUpload({ sizeBytes: bytes.length });
        const begun = performance.now();
        const proof = createHash('sha256').update(nonce).update(bytes).digest();
        const wholeMs = performance.now() - begun;
        const proving = store.proveUpload(uploadId, { volumeId, proof });
        shares.push((await longestTurnMs(proving)) / wholeMs);
      }
      assert.ok(Math.min(...shares) < 0.5, `the longest turns, of the whole: ${shares}`);
      await store.close();
    }));

  it('cost one reading when they are wrong, however often they are repeated', () =>
    inTemporaryFolder(async (directory) => {
      const store = await openStore({ directory });
      const { uploadId } = await store.createUpload({ sizeBytes: 256 << 20 });
      const wrong = { volumeId: '0'.repeat(64), proof: new Uint8Array(32) };
      const refusedMs = async () => {
        const begun = performance.now();
        await assert.rejects(store.proveUpload(uploadId, wrong), { reason: 'POSSESSION_UNPROVEN' });
        return performance.now() - begun;
      };
      const firstMs = await refusedMs();
      const againMs = Math.min(await refusedMs(), await refusedMs(), await refusedMs());
      assert.ok(againMs < firstMs / 5, `${firstMs} ms, then ${againMs} ms`);
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

/** The longest time that the event loop was held while `work` ran. */
async function longestTurnMs(work: Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    looking = setImmediate(look);
  };
  let looking = setImmediate(look);
  await work;
  clearImmediate(looking);
  return Math.max(longest, performance.now() - last);
}
