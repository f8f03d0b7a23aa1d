import assert from 'node:assert/strict';
import { connect, constants } from 'node:http2';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { tensorBytes } from '#kernels';
import {
  AnnotateRequest,
  type AnnotateResponse,
  MaskEncoding,
  PointSpace,
  Stage,
} from '#proto/sextant/v1/annotation';
import type { PoolFolder } from '../../packages/models/testing/pool-folder.ts';
import { type Question, startClick, untilStage, wholeClick } from './clicking.ts';
import { largeImage } from './large-image.ts';
import { cancelPool } from './long-pool.ts';
import { CLICKS, type LogLine, SAMPLE, type Services, startServices } from './running.ts';

/** About three seconds on two idle cores. */
const PRODUCTS = 18_000;
const ROUNDS = 7;
/** Time for a stage to get going, where it is long enough. */
const MID_STAGE_MS = 60;
const SHAPE = [320, 320, 160] as const;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Round {
  /** From the cancel to the end of the call in the inference service. */
  readonly endedMs: number;
  /** From the cancel to the answer of a tiny click, which needs a thread and all cores. */
  readonly freeMs: number;
}

describe('a call that is cancelled', function () {
  this.timeout(120_000);
  let pool: PoolFolder;
  let services: Services;
  let tiny: Question;
  let large: Omit<Question, 'model'>;
  let tinyMs: number;
  let residentBytes: number;
  before(async () => {
    pool = await cancelPool(PRODUCTS);
    services = await startServices({ config: pool.pool });
    tiny = { sessionId: await services.open(SAMPLE), model: 'tiny', points: CLICKS };
    large = {
      sessionId: await services.open(await largeImage(SHAPE, { gzip: true })),
      points: farPoints(),
    };
    await wholeClick(startClick(services, tiny));
  });
  after(async () => {
    await services?.stop();
    await pool?.remove();
  });

  /** Cancels clicks in a stage, one after another; those that were quicker do not count. */
  async function cancelIn(stage: Stage, question: Question, afterMs: number): Promise<Round[]> {
    const rounds: Round[] = [];
    for (let tries = 0; rounds.length < ROUNDS; tries++) {
      assert.ok(tries < 10 * ROUNDS, 'the stage is too short to be cancelled in it');
      services.lines.length = 0;
      const controller = new AbortController();
      const events = startClick(services, question, controller.signal)[Symbol.asyncIterator]();
      await untilStage(events, stage);
      if (afterMs > 0) await pause(afterMs);
      const began = performance.now();
      controller.abort();
      const line = await endOfRun();
      const endedMs = performance.now() - began;
      await drained(events);
      await wholeClick(startClick(services, tiny));
      if (line.status !== 'CANCELLED') continue;
      rounds.push({ endedMs, freeMs: performance.now() - began });
    }
    return rounds;
  }

  /** The line that the inference service writes at the end of a click, as soon as it is there. */
  async function endOfRun(): Promise<LogLine> {
    for (;;) {
      const line = services.lines.find(isRun);
      if (line !== undefined) return line;
      await pause(1);
    }
  }

  function tell(what: string, rounds: Round[]): void {
    const ended = sorted(rounds.map(({ endedMs }) => endedMs));
    const free = sorted(rounds.map(({ freeMs }) => freeMs));
    console.log(
      `      ${what}: ended after ${text(ended)} ms, the next click answered after ${text(free)} ms (idle: ${tinyMs.toFixed(0)})`,
    );
    // The quicker ones, since others may have the machine as well; the median is printed.
    assert.ok((ended[2] ?? Number.NaN) <= 50, `${what}: ended after ${text(ended)} ms`);
    assert.ok((free[2] ?? Number.NaN) <= 500, `${what}: a thread was free after ${text(free)} ms`);
  }

  it('while its volume is decoded ends at once, and the decoding with it', async () => {
    const began = performance.now();
    await wholeClick(startClick(services, tiny));
    tinyMs = performance.now() - began;
    tell('decode', await cancelIn(Stage.STAGE_DECODE, { ...large, model: 'quick' }, MID_STAGE_MS));
    // From now on it is resident.
    await wholeClick(startClick(services, { ...large, model: 'quick' }));
    residentBytes = await settledTensorBytes();
  });

  it('while it waits for its turn ends at once and is never started', async () => {
    const running = new AbortController();
    const long = { ...tiny, model: 'long' };
    const events = startClick(services, long, running.signal)[Symbol.asyncIterator]();
    await untilStage(events, Stage.STAGE_INFER);
    const waits: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      services.lines.length = 0;
      const controller = new AbortController();
      const waiting = startClick(services, long, controller.signal)[Symbol.asyncIterator]();
      await untilStage(waiting, Stage.STAGE_QUEUE);
      const began = performance.now();
      controller.abort();
      assert.equal((await endOfRun()).status, 'CANCELLED');
      waits.push(performance.now() - began);
      assert.equal(await drained(waiting), false);
    }
    const bytes = tensorBytes();
    running.abort();
    await drained(events);
    await wholeClick(startClick(services, tiny));
    // Had one of them begun, its input and output would be there now.
    assert.ok(tensorBytes() < bytes, 'nobody took the turn over');
    const ended = sorted(waits);
    console.log(`      queue: ended after ${text(ended)} ms`);
    assert.ok((ended[2] ?? Number.NaN) <= 50);
  });

  const stages: [string, Stage, { model: string; afterMs: number; encoding?: MaskEncoding }][] = [
    ['resample', Stage.STAGE_RESAMPLE, { model: 'long', afterMs: 0 }],
    ['transform', Stage.STAGE_TRANSFORM, { model: 'long', afterMs: 0 }],
    ['infer', Stage.STAGE_INFER, { model: 'long', afterMs: MID_STAGE_MS }],
    ['restore', Stage.STAGE_RESTORE, { model: 'quick', afterMs: 0 }],
    [
      'encode',
      Stage.STAGE_ENCODE,
      { model: 'quick', afterMs: 0, encoding: MaskEncoding.MASK_ENCODING_NIFTI_GZIP },
    ],
  ];
  for (const [name, stage, { model, afterMs, encoding }] of stages) {
    it(`in ${name} ends at once, and its computation soon after`, async () => {
      const question = { ...large, model, ...(encoding && { maskEncoding: encoding }) };
      tell(name, await cancelIn(stage, question, afterMs));
    });
  }

  it('leaves no memory behind', async () => {
    assert.equal(await settledTensorBytes(), residentBytes);
  });

  it('ends by its deadline alike, also when its client says no more than grpc-timeout', async () => {
    services.lines.length = 0;
    const began = performance.now();
    const { status } = await rawClick(services.address, { ...large, model: 'long' }, '300m');
    const toldMs = performance.now() - began;
    assert.equal(status, '4', 'DEADLINE_EXCEEDED');
    await endOfRun();
    const endedMs = performance.now() - began;
    await wholeClick(startClick(services, tiny));
    const freeMs = performance.now() - began;
    console.log(
      `      a deadline of 300 ms: told after ${toldMs.toFixed(0)} ms, ended after ${endedMs.toFixed(0)} ms, the next click answered after ${freeMs.toFixed(0)} ms`,
    );
    assert.ok(endedMs < 800, `ended after ${endedMs} ms`);
    assert.ok(freeMs < 1300, `free after ${freeMs} ms`);
    assert.equal(await settledTensorBytes(), residentBytes);
  });
});

/** Reads what is left; whether the click was answered after all. */
async function drained(events: AsyncIterator<AnnotateResponse>): Promise<boolean> {
  try {
    while (!(await events.next()).done);
    return true;
  } catch (error) {
    assert.equal((error as { reason?: string }).reason, 'CANCELLED');
    return false;
  }
}

/** Bytes of tensors when nothing computes any more and nothing but memory in use is left. */
async function settledTensorBytes(): Promise<number> {
  let bytes = -1;
  for (let quiet = 0; quiet < 5; quiet++) {
    collectGarbage();
    await pause(30);
    if (tensorBytes() !== bytes) quiet = 0;
    bytes = tensorBytes();
  }
  return bytes;
}

/** A click over bare HTTP/2 that never resets its stream: the deadline is the server's to keep. */
async function rawClick(
  address: string,
  { points, ...question }: Question,
  timeout: string,
): Promise<{ status: string }> {
  const body = AnnotateRequest.encode(
    AnnotateRequest.fromPartial({
      ...question,
      points: [...points],
      space: PointSpace.POINT_SPACE_INDEX,
    }),
  ).finish();
  const frame = Buffer.alloc(5 + body.length);
  frame.writeUInt32BE(body.length, 1);
  frame.set(body, 5);
  const session = connect(`http://${address}`);
  try {
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: '/sextant.v1.AnnotationService/Annotate',
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      [constants.HTTP2_HEADER_TE]: 'trailers',
      'grpc-timeout': timeout,
    });
    stream.end(frame);
    stream.resume();
    const status = await new Promise<string>((resolve, reject) => {
      const take = (headers: object) => {
        const value = (headers as Record<string, unknown>)['grpc-status'];
        if (value !== undefined) resolve(String(value));
      };
      stream.once('trailers', take);
      stream.once('response', take);
      stream.once('error', reject);
      stream.once('close', () => reject(new Error('closed without a status')));
    });
    return { status };
  } finally {
    session.destroy();
  }
}

/** On the faces of nearly the whole image. */
function farPoints(): Question['points'] {
  const [x, y, z] = SHAPE.map((n) => n / 2) as [number, number, number];
  const [right, front, top] = SHAPE.map((n) => n - 10) as [number, number, number];
  return [
    { x: 10, y, z },
    { x: right, y, z },
    { x, y: 10, z },
    { x, y: front, z },
    { x, y, z: 10 },
    { x, y, z: top },
  ];
}

const isRun = ({ method }: LogLine) => /RunAnnotation$/.test(String(method));
const sorted = (times: number[]) => times.toSorted((a, b) => a - b);
/** Lowest, median and highest. */
const text = (times: readonly number[]) =>
  [times[0], times[times.length >> 1], times.at(-1)].map((ms) => (ms ?? 0).toFixed(0)).join(' / ');
