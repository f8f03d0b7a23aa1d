import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { whileWorking } from './while-working.ts';

async function read<T>(steps: AsyncGenerator<T, unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (;;) {
    const { done, value } = await steps.next();
    seen.push(value);
    if (done) return seen;
  }
}

describe('reports of running work', () => {
  it('come as they are made, before the result', async () => {
    const order: string[] = [];
    const steps = whileWorking(async (report: (item: string) => void) => {
      report('a');
      await turn();
      order.push('worked');
      report('b');
      return 'result';
    });
    assert.deepEqual(await steps.next(), { done: false, value: 'a' });
    order.push('read a');
    assert.deepEqual(await read(steps), ['b', 'result']);
    assert.deepEqual(order, ['read a', 'worked']);
  });

  it('come all, also those made in one go', async () => {
    const work = async (report: (item: number) => void) => [1, 2, 3].forEach(report);
    assert.deepEqual(await read(whileWorking(work)), [1, 2, 3, undefined]);
  });

  it('come before the error', async () => {
    const steps = whileWorking(async (report: (item: string) => void) => {
      report('a');
      throw new Error('broken');
    });
    assert.equal((await steps.next()).value, 'a');
    await assert.rejects(steps.next(), /broken/);
  });
});
