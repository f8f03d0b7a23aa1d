import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SextantError } from '#errors';
import { tensorBytes } from '#kernels';
import type { PoolFolder } from '../../packages/models/testing/pool-folder.ts';
import { type EventCase, type Question, startClick, wholeClick } from './clicking.ts';
import { cancelPool } from './long-pool.ts';
import { CLICKS, SAMPLE, type Services, startServices } from './running.ts';

const CANCELS = 10_000;
const CONCURRENCY = 16;
const SEED = 20261125;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What a leak would make grow. */
interface Footprint {
  readonly heapMib: number;
  readonly residentMib: number;
  readonly tensors: number;
  readonly files: number;
  readonly resources: number;
}

describe('a storm of cancels around the reply', function () {
  this.timeout(240_000);
  let pool: PoolFolder;
  let services: Services;
  let question: Question;
  before(async () => {
    pool = await cancelPool(2);
    services = await startServices({ config: pool.pool });
    question = { sessionId: await services.open(SAMPLE), model: 'tiny', points: CLICKS };
  });
  after(async () => {
    await services?.stop();
    await pool?.remove();
  });

  it(`of ${CANCELS} loses no answer, leaks nothing and crashes nothing`, async () => {
    const random = seeded(SEED);
    const reference = await wholeClick(startClick(services, question));
    const latencyMs = await medianLatency(() => wholeClick(startClick(services, question)));
    let answered = 0;
    let cancelled = 0;
    const one = async () => {
      const controller = new AbortController();
      const { onEvent, done } = cancelSomewhere(controller, { random, latencyMs });
      try {
        const stream = startClick(services, question, controller.signal);
        const { mask } = await wholeClick(stream, onEvent);
        assert.ok(mask.equals(reference.mask), 'another mask');
        answered += 1;
      } catch (error) {
        assert.ok(error instanceof SextantError, `${error}`);
        assert.equal(error.reason, 'CANCELLED', `${error.message} (seed ${SEED})`);
        cancelled += 1;
      } finally {
        done();
      }
    };
    const storm = async (calls: number) => {
      let left = calls;
      const caller = async () => {
        while (left-- > 0) await one();
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, caller));
      services.lines.length = 0;
    };

    await storm(CANCELS / 10);
    const first = await footprint();
    const began = performance.now();
    await storm((CANCELS * 9) / 10);
    const seconds = (performance.now() - began) / 1000;
    const last = await footprint();
    console.log(
      `      a click takes ${latencyMs.toFixed(1)} ms; of ${CANCELS} cancelled around that ${cancelled} ended CANCELLED, ${answered} gave their mask; ${seconds.toFixed(0)} s`,
    );
    console.log(
      `      after a tenth: ${JSON.stringify(first)}\n      at the end:    ${JSON.stringify(last)}`,
    );
    assert.equal(answered + cancelled, CANCELS);
    assert.ok(answered > CANCELS / 100 && cancelled > CANCELS / 100, 'cancels on both sides');
    assert.equal(last.tensors, first.tensors, 'bytes of tensors');
    // Connections that were given up close some seconds later.
    assert.ok(last.files <= first.files + 60, 'open files');
    assert.ok(last.resources <= first.resources + 60, 'handles');
    // 9,000 leaked kilobytes would be nine of these MiB.
    assert.ok(last.heapMib < first.heapMib + 9, 'the heap');
    assert.ok(last.residentMib < first.residentMib + 100, 'resident memory');
    const { mask } = await wholeClick(startClick(services, question));
    assert.ok(mask.equals(reference.mask), 'a click after the storm');
  });

  /** When nothing runs any more. */
  async function footprint(): Promise<Footprint> {
    let tensors = tensorBytes();
    for (let quiet = 0; quiet < 5; quiet++) {
      await pause(50);
      collectGarbage();
      if (tensorBytes() !== tensors) quiet = 0;
      tensors = tensorBytes();
    }
    const { heapUsed, rss } = process.memoryUsage();
    return {
      heapMib: Math.round(heapUsed / 2 ** 20),
      residentMib: Math.round(rss / 2 ** 20),
      tensors,
      files: readdirSync('/proc/self/fd').length,
      resources: process.getActiveResourcesInfo().length,
    };
  }
});

/**
 * Cancels at a random place around the reply: a time about the usual latency, some turns of the event
 * loop after one of the events, or in the middle of one.
 */
function cancelSomewhere(
  controller: AbortController,
  { random, latencyMs }: { random: () => number; latencyMs: number },
): { onEvent: (event: EventCase) => void; done: () => void } {
  const way = Math.floor(random() * 3);
  if (way === 0) {
    // With all callers at once a call takes about so much longer.
    const timer = setTimeout(() => controller.abort(), random() * 2 * latencyMs * CONCURRENCY);
    return { onEvent() {}, done: () => clearTimeout(timer) };
  }
  const names: EventCase['$case'][] = ['progress', 'maskHeader', 'maskChunk', 'summary'];
  const at = names[Math.floor(random() * names.length)];
  const turns = way === 1 ? 0 : Math.ceil(random() * 5);
  const onEvent = async ({ $case }: EventCase) => {
    if ($case !== at) return;
    for (let i = 0; i < turns; i++) await turn();
    controller.abort();
  };
  return { onEvent, done() {} };
}

async function medianLatency(click: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 21; i++) {
    const began = performance.now();
    await click();
    times.push(performance.now() - began);
  }
  return times.toSorted((a, b) => a - b)[10] ?? 0;
}

/** Numbers in [0, 1) that a seed repeats. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
