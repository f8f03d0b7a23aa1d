import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { lasting } from './lasting.ts';

type Told = readonly [stage: string, place?: number];

function telling(afterMs: number) {
  const told: Told[] = [];
  const stageOf = ([stage]: Told) => stage;
  return { told, ...lasting((item: Told) => void told.push(item), { afterMs, stageOf }) };
}

describe('reports of what lasts', () => {
  it('leave out what is over sooner, and what has not lasted at the end', async () => {
    const { told, report, stop } = telling(20);
    report(['short']);
    report(['long']);
    await delay(60);
    report(['last']);
    stop();
    await delay(60);
    assert.deepEqual(told, [['long']]);
  });

  it('tell where a stage is that moves sooner than it lasts, and every move from then on', async () => {
    const { told, report, stop } = telling(100);
    const moving = Array.from({ length: 20 }, (_, n) => n);
    for (const place of moving) {
      report(['queue', place]);
      await delay(15);
    }
    stop();
    assert.ok(told.length > 2, `${told.length} of 20 places told`);
    const places = told.map(([, place]) => place);
    assert.deepEqual(places, moving.slice(-places.length));
  });

  it('come at once when nothing is to be waited for', () => {
    const { told, report } = telling(0);
    report(['a']);
    report(['b']);
    assert.deepEqual(told, [['a'], ['b']]);
  });

  it('do not come at once when they are never to come', async () => {
    const { told, report, stop } = telling(2 ** 32 - 1);
    report(['a']);
    await delay(20);
    stop();
    assert.deepEqual(told, []);
  });
});
