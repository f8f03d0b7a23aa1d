import assert from 'node:assert/strict';
import { inTemporaryFolder } from './test-support.ts';
import { killAtRandomInstants } from './testing/kill-at-random-instants.ts';

describe('a store whose process is killed at a random instant', () => {
  it('has kept what was acknowledged and shows nothing half-written, ten times over', () =>
    inTemporaryFolder(async (directory) => {
      const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
      const killed = await killAtRandomInstants({ count: 10, seed, directory });
      assert.ok(killed.acknowledged > 50, `seed ${seed}: ${JSON.stringify(killed)}`);
    })).timeout(120_000);
});
