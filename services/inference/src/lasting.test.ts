import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { lasting } from './lasting.ts';

describe('reports of what lasts', () => {
  it('leave out what is over sooner, and what has not lasted at the end', async () => {
    const told: string[] = [];
    const { report, stop } = lasting((item: string) => told.push(item), 20);
    report('short');
    report('long');
    await delay(60);
    report('last');
    stop();
    await delay(60);
    assert.deepEqual(told, ['long']);
  });

  it('come at once when nothing is to be waited for', () => {
    const told: string[] = [];
    const { report } = lasting((item: string) => told.push(item), 0);
    report('a');
    report('b');
    assert.deepEqual(told, ['a', 'b']);
  });
});
