import assert from 'node:assert/strict';
import { philox4x32 } from '#kernels';
import { RandomDraws, type Sample } from './random-draws.ts';

const SAMPLE: Sample = { seed: 2 ** 40 + 7, epoch: 3, item: 11 };

describe('draws of a random transform', () => {
  it('are the words of Philox for [block, step, item, epoch] under the seed', () => {
    const draws = new RandomDraws(SAMPLE, 5);
    const words = [0, 1].flatMap((block) => [...philox4x32([block, 5 << 8, 11, 3], [7, 256])]);
    for (const word of words) assert.equal(draws.uniform(), (word >>> 8) / 2 ** 24);
  });

  it('differ between seeds, epochs, items and steps', () => {
    const first = (change: Partial<Sample>, step = 5) =>
      new RandomDraws({ ...SAMPLE, ...change }, step).uniform();
    const found = [
      first({}),
      first({ seed: 7 }),
      first({ epoch: 4 }),
      first({ item: 3 }),
      first({}, 6),
    ];
    assert.equal(new Set(found).size, found.length);
  });

  it('below n are every number as often', () => {
    const draws = new RandomDraws(SAMPLE, 0);
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let n = 0; n < 70_000; n++) {
      const drawn = draws.below(7);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    // Chi square of 6 degrees of freedom: below 22.5 but once in a thousand, and these draws are fixed.
    const chi = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    assert.ok(chi < 22.5, `${counts}`);
  });

  it('of the normal distribution have its mean, deviation and tails', () => {
    const draws = new RandomDraws(SAMPLE, 0);
    const values = Array.from({ length: 50_000 }, () => draws.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / values.length;
    assert.ok(Math.abs(mean) < 0.015 && Math.abs(square - 1) < 0.02, `${mean} ${square}`);
    assert.ok(Math.abs(beyondTwo - 0.0455) < 0.003, `${beyondTwo}`);
  });
});
