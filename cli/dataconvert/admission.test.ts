import assert from 'node:assert/strict';
import { Admission } from './admission.ts';

describe('admission by weight', () => {
  it('lets work run together while it fits, and what weighs more than all alone', async () => {
    const admission = new Admission(10);
    let weight = 0;
    let running = 0;
    const heaviest: number[] = [];
    const work = (own: number) =>
      admission.run(own, async () => {
        weight += own;
        running++;
        heaviest.push(weight);
        assert.ok(weight <= 10 || running === 1, `${weight} in ${running}`);
        await new Promise((resolve) => setTimeout(resolve, 2));
        weight -= own;
        running--;
      });
    await Promise.all([3, 4, 3, 20, 1, 9, 2, 10].map(work));
    assert.equal(Math.max(...heaviest), 20);
    assert.ok(heaviest.some((sum) => sum === 10));
  });

  it('goes on after work that fails', async () => {
    const admission = new Admission(1);
    const fails = admission.run(1, async () => {
      throw new Error('no');
    });
    const next = admission.run(1, async () => 'next');
    await assert.rejects(fails, /no/);
    assert.equal(await next, 'next');
  });
});
