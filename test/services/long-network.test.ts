import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type AnnotateResponse, PointSpace, Stage } from '#proto/sextant/v1/annotation';
import type { PoolFolder } from '../../packages/models/testing/pool-folder.ts';
import { longPool } from './long-pool.ts';
import { CLICKS, SAMPLE, type Services, startServices } from './running.ts';

/** About three seconds on two idle cores. */
const PRODUCTS = 18000;

describe('while a long network runs', function () {
  this.timeout(120_000);
  let pool: PoolFolder;
  let services: Services;
  let sessionId: string;
  before(async () => {
    pool = await longPool(PRODUCTS);
    services = await startServices({ config: pool.pool });
    sessionId = await services.open(SAMPLE);
  });
  after(async () => {
    await services?.stop();
    await pool?.remove();
  });

  const click = (signal?: AbortSignal) =>
    services.annotations.annotate(
      { sessionId, model: 'spleen', points: CLICKS, space: PointSpace.POINT_SPACE_INDEX },
      { ...(signal && { signal }) },
    );

  /** Reads events until the network runs. */
  async function untilInfer(events: AsyncIterator<AnnotateResponse>): Promise<void> {
    for (;;) {
      const event = (await events.next()).value?.event?.event;
      if (event?.$case === 'progress' && event.value.stage === Stage.STAGE_INFER) return;
    }
  }

  it('ListModels answers at once', async () => {
    const events = click()[Symbol.asyncIterator]();
    await untilInfer(events);
    const began = performance.now();
    let ended = false;
    const rest = (async () => {
      while (!(await events.next()).done);
      ended = true;
      return performance.now() - began;
    })();
    const answers: number[] = [];
    for (let i = 0; i < 20; i++) {
      const asked = performance.now();
      assert.equal((await services.models.listModels({})).models.length, 1);
      answers.push(performance.now() - asked);
    }
    assert.equal(ended, false, 'twenty answers came before the network was done');
    const networkMs = await rest;
    const median = answers.toSorted((a, b) => a - b)[10] ?? 0;
    console.log(
      `      ListModels: median ${median.toFixed(1)} ms, longest ${Math.max(...answers).toFixed(1)} ms; the network: ${networkMs.toFixed(0)} ms`,
    );
  });

  it('a cancel stops it, and who waits behind it goes on', async () => {
    services.lines.length = 0;
    for await (const _ of click());
    while (!services.lines.some(({ method }) => isRun(method))) await pause(10);
    const full = services.lines.find(({ method, status }) => isRun(method) && status === 'OK');
    const fullMs = Number((full?.stageMs as Record<string, number> | undefined)?.infer);
    assert.ok(fullMs > 0, 'a whole run tells how long its network took');
    services.lines.length = 0;
    const controller = new AbortController();
    const first = click(controller.signal)[Symbol.asyncIterator]();
    await untilInfer(first);
    const began = performance.now();
    const second = click()[Symbol.asyncIterator]();
    controller.abort();
    await assert.rejects(
      async () => {
        while (!(await first.next()).done);
      },
      { reason: 'CANCELLED' },
    );
    await untilInfer(second);
    const freedMs = performance.now() - began;
    await second.return?.();
    while (services.lines.filter(({ method }) => isRun(method)).length < 2) await pause(10);
    const runs = services.lines.filter(({ method }) => isRun(method));
    assert.deepEqual(
      runs.map(({ status }) => status),
      ['CANCELLED', 'CANCELLED'],
    );
    assert.ok(freedMs < fullMs / 4, `the model was free after ${freedMs} ms of ${fullMs}`);
    console.log(
      `      the model was free ${freedMs.toFixed(0)} ms after the cancel; a whole run: ${fullMs} ms`,
    );
  });

  it('a deadline stops it', async () => {
    services.lines.length = 0;
    const stream = services.annotations.annotate(
      { sessionId, model: 'spleen', points: CLICKS, space: PointSpace.POINT_SPACE_INDEX },
      { deadlineMs: 300 },
    );
    await assert.rejects(
      async () => {
        for await (const _ of stream);
      },
      { reason: 'DEADLINE_EXCEEDED' },
    );
    while (services.lines.length < 2) await pause(10);
    assert.deepEqual(
      services.lines.map(({ status }) => status),
      ['DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED'],
    );
  });
});

const isRun = (method: unknown) => /RunAnnotation$/.test(String(method));
