import assert from 'node:assert/strict';
import { Turns } from './turns.ts';

describe('turns', () => {
  it('come one at a time, first come, first served', async () => {
    const turns = new Turns(8);
    const order: number[] = [];
    let running = 0;
    const work = async (number: number) => {
      const leave = await turns.take();
      running += 1;
      assert.equal(running, 1);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(number);
      running -= 1;
      leave();
      leave();
    };
    await Promise.all([1, 2, 3, 4, 5].map(work));
    assert.deepEqual(order, [1, 2, 3, 4, 5]);
  });

  it('refuse more than may wait, and say when to come again', async () => {
    const turns = new Turns(1);
    const leave = await turns.take();
    const second = turns.take();
    await assert.rejects(turns.take(), { reason: 'LIMIT_EXCEEDED', retryAfterMs: 1000 });
    leave();
    (await second)();
  });

  it('pass over a caller that gave up', async () => {
    const turns = new Turns(8);
    const leave = await turns.take();
    const gone = new AbortController();
    const second = turns.take(gone.signal);
    const third = turns.take();
    gone.abort();
    await assert.rejects(second, { reason: 'CANCELLED' });
    leave();
    (await third)();
    await assert.rejects(turns.take(AbortSignal.abort()), { reason: 'CANCELLED' });
    (await turns.take())();
  });
});
