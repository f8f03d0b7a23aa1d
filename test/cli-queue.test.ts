import assert from 'node:assert/strict';
import { annotateSession } from '../cli/annotate-there.ts';
import type { Question } from '../cli/answer.ts';
import { longPool } from './services/long-pool.ts';
import { CLICKS, SAMPLE, type Services, startServices } from './services/running.ts';

/** A click of a quarter of a second: long beside a message, short beside the patience of a test. */
const PRODUCTS = 1500;

describe('a click from the command line in a queue', function () {
  this.timeout(60_000);
  let services: Services;
  let pool: Awaited<ReturnType<typeof longPool>>;

  before(async () => {
    pool = await longPool(PRODUCTS);
    services = await startServices({ config: pool.pool });
  });
  after(async () => {
    await services?.stop();
    await pool?.remove();
  });

  it('says how many are before it, and for how long', async () => {
    const sessionId = await services.open(SAMPLE);
    const click = async (): Promise<string[]> => {
      const steps: string[] = [];
      const question: Question = {
        model: 'spleen',
        points: CLICKS.map(({ x, y, z }) => [x, y, z]),
        space: 'index',
        signal: new AbortController().signal,
        onStep: (step) => steps.push(step),
        onNote: assert.fail,
      };
      await annotateSession(question, { sessionId, server: services.address });
      return steps;
    };
    // From the first the server knows how long one takes.
    const alone = await click();
    assert.deepEqual(
      alone.filter((step) => step.includes('before this one')),
      [],
    );
    const steps = (await Promise.all([click(), click(), click()])).flat();
    for (const ahead of [1, 2]) {
      const said = new RegExp(`^waiting for the model: ${ahead} before this one, about \\d+ s$`);
      assert.ok(
        steps.some((step) => said.test(step)),
        `${said} in ${steps}`,
      );
    }
  });
});
