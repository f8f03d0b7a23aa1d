import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type QueuePlace, Turns } from './turns.ts';

const turnOfLoop = () => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('come one at a time, first come, first served', async () => {
    const turns = new Turns(8);
    const order: number[] = [];
    let running = 0;
    const work = async (number: number) => {
      const turn = await turns.take();
      running += 1;
      assert.equal(running, 1);
      await turnOfLoop();
      order.push(number);
      running -= 1;
      turn.leave();
      turn.leave();
    };
    await Promise.all([1, 2, 3, 4, 5].map(work));
    assert.deepEqual(order, [1, 2, 3, 4, 5]);
  });

  it('refuse more than may wait, and say when to come again', async () => {
    const turns = new Turns(1);
    const first = await turns.take();
    const second = turns.take();
    await assert.rejects(turns.take(), { reason: 'LIMIT_EXCEEDED', retryAfterMs: 1000 });
    turns.learn(30_000);
    await assert.rejects(turns.take(), ({ retryAfterMs }) => {
      // The one that runs and the one that waits.
      assert.ok(retryAfterMs > 50_000 && retryAfterMs <= 60_000, `${retryAfterMs} ms`);
      return true;
    });
    first.leave();
    (await second).leave();
  });

  it('pass over a caller that gave up', async () => {
    const turns = new Turns(8);
    const first = await turns.take();
    const gone = new AbortController();
    const second = turns.take({ signal: gone.signal });
    const third = turns.take();
    gone.abort();
    await assert.rejects(second, { reason: 'CANCELLED' });
    first.leave();
    (await third).leave();
    await assert.rejects(turns.take({ signal: AbortSignal.abort() }), { reason: 'CANCELLED' });
    (await turns.take()).leave();
  });

  it('keep their order while callers in the middle give up', async () => {
    const turns = new Turns(64);
    const first = await turns.take();
    const served: number[] = [];
    const controllers = Array.from({ length: 64 }, () => new AbortController());
    const calls = Promise.allSettled(
      controllers.map(async ({ signal }, number) => {
        const turn = await turns.take({ signal });
        served.push(number);
        await turnOfLoop();
        turn.leave();
      }),
    );
    const stays = (number: number) => number % 3 === 0;
    // Half of them before the queue moves, half while it does.
    controllers.forEach((one, number) => {
      if (!stays(number) && number % 2 === 0) one.abort();
    });
    first.leave();
    for (const [number, one] of controllers.entries()) {
      if (stays(number) || number % 2 === 0 || number < 20) continue;
      one.abort();
      await turnOfLoop();
    }
    await calls;
    assert.deepEqual(
      served,
      served.toSorted((a, b) => a - b),
    );
    const kept = Array.from({ length: 64 }, (_, number) => number).filter(stays);
    assert.deepEqual(served.filter(stays), kept);
    assert.ok(served.every((number) => stays(number) || number % 2 === 1));
    assert.deepEqual([turns.waiting, turns.running], [0, false]);
  });

  it('tell those who wait how many are before them and how long it will take', async () => {
    const turns = new Turns(8);
    turns.learn(1000);
    turns.learn(3000);
    assert.deepEqual(turns.place, { callsAhead: 0, expectedWaitMs: 0 });
    const first = await turns.take();
    const heard: QueuePlace[] = [];
    const second = turns.take();
    assert.equal(turns.place.callsAhead, 2);
    const gone = new AbortController();
    const middle = turns.take({ signal: gone.signal });
    const last = turns.take({ onMove: (place) => heard.push(place) });
    assert.equal(turns.waiting, 3);
    gone.abort();
    await assert.rejects(middle);
    first.leave();
    while (heard.length === 0) await pause(5);
    // Both moves are told at once: the one that runs is before it alone.
    assert.deepEqual(
      heard.map(({ callsAhead }) => callsAhead),
      [1],
    );
    const { expectedWaitMs } = heard[0] ?? assert.fail();
    assert.ok(expectedWaitMs > 1000 && expectedWaitMs <= 2000, `${expectedWaitMs} ms`);
    (await second).leave();
    (await last).leave();
  });

  it('learn from work that was completed, not from what was cut short', async () => {
    const turns = new Turns(8);
    turns.learn(5000);
    (await turns.take()).leave();
    const turn = await turns.take();
    assert.ok(turns.place.expectedWaitMs > 4000);
    turn.leave({ completed: true });
    await turns.take();
    assert.ok(turns.place.expectedWaitMs < 2600);
  });
});
