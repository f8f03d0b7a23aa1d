import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { allEnded } from './all-ended.ts';

describe('works that end together', () => {
  it('give their results in order', async () => {
    const works = [30, 5, 10].map((ms) => () => delay(ms, ms));
    assert.deepEqual(await allEnded(works, new AbortController().signal), [30, 5, 10]);
  });

  it('are all over when the error of the first is thrown', async () => {
    let running = 0;
    const slow = async (signal: AbortSignal) => {
      running++;
      await delay(5000, undefined, { signal }).catch(() => undefined);
      await delay(20);
      running--;
      throw new Error('the second');
    };
    const fails = async () => {
      await delay(5);
      throw new Error('the first');
    };
    const began = performance.now();
    await assert.rejects(allEnded([slow, fails, slow], new AbortController().signal), /the first/);
    assert.equal(running, 0);
    assert.ok(performance.now() - began < 3000);
  });
});
