import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { AnnotateProgress, AnnotateResponse } from '#proto/sextant/v1/annotation';
import { Stage } from '#proto/sextant/v1/annotation';
import type { PoolFolder } from '../../packages/models/testing/pool-folder.ts';
import { type Question, startClick, untilStage } from './clicking.ts';
import { cancelPool } from './long-pool.ts';
import { CLICKS, SAMPLE, type Services, startServices } from './running.ts';

/** About two seconds on two idle cores: nobody's turn comes before it is let come. */
const PRODUCTS = 12_000;
/** As many as may wait. */
const WAITING = 64;

describe('the queue of a model', function () {
  this.timeout(120_000);
  let pool: PoolFolder;
  let services: Services;
  let question: Question;
  before(async () => {
    pool = await cancelPool(PRODUCTS);
    services = await startServices({ config: pool.pool });
    question = { sessionId: await services.open(SAMPLE), model: 'long', points: CLICKS };
  });
  after(async () => {
    await services?.stop();
    await pool?.remove();
  });

  interface Call {
    /** What it was told of its place, the first when it came. */
    readonly places: AnnotateProgress[];
    readonly ended: Promise<unknown>;
    readonly started: () => boolean;
    cancel(): void;
  }

  /** A click that has been told its place. */
  async function comeAndWait(): Promise<Call> {
    const controller = new AbortController();
    const events = startClick(services, question, controller.signal)[Symbol.asyncIterator]();
    const places: AnnotateProgress[] = [];
    let started = false;
    const hear = async () => {
      for (;;) {
        const { done, value } = await events.next();
        if (done) return;
        const progress = progressOf(value);
        if (progress?.stage === Stage.STAGE_QUEUE) places.push(progress);
        if (progress?.stage === Stage.STAGE_RESAMPLE) started = true;
      }
    };
    const ended = hear().catch((error: unknown) => error);
    while (places.length === 0) await pause(1);
    return { places, ended, started: () => started, cancel: () => controller.abort() };
  }

  it('tells each call its place and the expected wait, and again when it moves', async () => {
    const running = await comeAndWait();
    assert.deepEqual([running.places[0]?.callsAhead, running.places[0]?.expectedWaitMs], [0, 0]);
    const calls = [await comeAndWait(), await comeAndWait(), await comeAndWait()];
    const [first, middle, last] = calls as [Call, Call, Call];
    assert.deepEqual(
      calls.map(({ places }) => places.map(({ callsAhead }) => callsAhead)),
      [[1], [2], [3]],
    );
    const waits = calls.map(({ places }) => places[0]?.expectedWaitMs ?? 0);
    console.log(`      expected waits: ${waits.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    // The warm-up's run is known: each waits one of them more than the one before.
    const [one = 0, two = 0, three = 0] = waits;
    assert.ok(
      one < two && two < three && Math.abs(three - two - (two - one)) < 0.5 * two,
      `${waits}`,
    );

    middle.cancel();
    await middle.ended;
    while (last.places.length < 2) await pause(1);
    assert.equal(last.places[1]?.callsAhead, 2);
    assert.equal(first.places.length, 1, 'who is before it hears nothing');

    running.cancel();
    while (last.places.length < 3) await pause(1);
    assert.equal(last.places[2]?.callsAhead, 1);
    while (!first.started()) await pause(1);
    assert.deepEqual([middle.started(), last.started()], [false, false]);
    first.cancel();
    while (!last.started()) await pause(1);
    last.cancel();
    await Promise.all([first.ended, last.ended]);
  });

  it('refuses one too many, and says when to come again', async () => {
    const running = await comeAndWait();
    const waiting = await Promise.all(Array.from({ length: WAITING }, comeAndWait));
    const events = startClick(services, question)[Symbol.asyncIterator]();
    const refused = untilStage(events, Stage.STAGE_RESAMPLE);
    await assert.rejects(refused, ({ reason, retryAfterMs }) => {
      assert.equal(reason, 'LIMIT_EXCEEDED');
      console.log(`      behind ${WAITING}: try again in ${retryAfterMs} ms`);
      const last = waiting.flatMap(({ places }) => places.map((place) => place.expectedWaitMs));
      assert.ok(retryAfterMs > 0.9 * Math.max(...last), `${retryAfterMs} ms`);
      return true;
    });
    // Their turns come in the order in which they came, for those who are still there.
    const stays = waiting.filter((_, number) => number % 16 === 0);
    for (const call of waiting) if (!stays.includes(call)) call.cancel();
    const order = stays.toSorted((a, b) => aheadAtFirst(a) - aheadAtFirst(b));
    running.cancel();
    for (const [number, call] of order.entries()) {
      while (!call.started()) await pause(1);
      assert.ok(order.slice(number + 1).every((later) => !later.started()));
      call.cancel();
    }
    await Promise.all(waiting.map(({ ended }) => ended));
    assert.deepEqual(
      waiting.map(({ started }) => started()),
      waiting.map((call) => stays.includes(call)),
    );
  });
});

const aheadAtFirst = ({ places }: { places: AnnotateProgress[] }) => places[0]?.callsAhead ?? 0;

function progressOf({ event }: AnnotateResponse): AnnotateProgress | undefined {
  return event?.event?.$case === 'progress' ? event.event.value : undefined;
}
