import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HealthDefinition } from '#proto/grpc/health/v1/health';
import { AnnotationServiceDefinition, Stage } from '#proto/sextant/v1/annotation';
import { SessionServiceDefinition } from '#proto/sextant/v1/session';
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { createClient, openChannel } from '#rpc';
import type { PoolFolder } from '../../packages/models/testing/pool-folder.ts';
import { type Served, serve } from '../served.ts';
import { startClick, untilStage, wholeClick } from './clicking.ts';
import { largeImage } from './large-image.ts';
import { cancelPool } from './long-pool.ts';
import { CLICKS, SAMPLE, uploadMessages } from './running.ts';
import { childrenOf, countThreads, type ThreadCounts } from './threads-of.ts';

/** More than a second on two idle cores, twice: two models at once take turns with the cores. */
const PRODUCTS = 8000;
const UPLOADS = 4;
const SAMPLE_MS = 5;

/**
 * Beside the budget: one operation that runs while networks have all cores, and a thread of the
 * network's pool that goes to sleep a moment after its last node.
 */
const SLACK = 2;

describe('two models and four uploads at once', function () {
  this.timeout(180_000);
  let folder: string;
  let pool: PoolFolder;
  let served: Served;
  let channel: ReturnType<typeof openChannel>;
  let pids: { gateway: number; inference: number };

  before(async function () {
    if (process.platform !== 'linux') {
      console.log('SKIPPED: threads are counted in /proc, which only Linux has');
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'sextant-cores-'));
    pool = await cancelPool(PRODUCTS, { long: ['long', 'longer'] });
    served = await watched(folder, () => serve(folder, ['--config', pool.pool]));
    const children = childrenOf(served.pid);
    const find = (name: string) =>
      children.find(({ command }) => command.includes(`${name}/main.js`))?.pid ??
      assert.fail(`no process of the ${name}`);
    pids = { gateway: find('gateway'), inference: find('inference') };
    channel = openChannel(served.address);
  });
  after(async () => {
    channel?.close();
    await served?.stop();
    await pool?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it('do not oversubscribe the cores, and hold up nobody', async () => {
    const annotations = createClient(AnnotationServiceDefinition, channel);
    const services = { annotations };
    const small = await open(SAMPLE);
    const packed = await open(await largeImage([256, 256, 128], { gzip: true }));
    const files = await Promise.all(
      Array.from({ length: 2 * UPLOADS }, (_, seed) =>
        largeImage([256, 256, 64], { gzip: false, seed: seed + 2 }),
      ),
    );
    const aloneMs = await timed(() => Promise.all(files.slice(0, UPLOADS).map(upload)));

    await loopDelays();
    const click = async (model: string) => {
      const events = startClick(services, { sessionId: small, model, points: CLICKS });
      const iterator = events[Symbol.asyncIterator]();
      await untilStage(iterator, Stage.STAGE_INFER);
      return iterator;
    };
    const networks = await Promise.all([click('long'), click('longer')]);
    let ended = 0;
    const answers = networks.map(async (events) => {
      while (!(await events.next()).done);
      ended += 1;
    });
    const sampling = sampleThreads(pids.inference, () => ended === 2);
    const pinging = pingUntil(() => ended === 2);

    const duringMs = await timed(() => Promise.all(files.slice(UPLOADS).map(upload)));
    assert.ok(ended < 2, 'the uploads were done while networks ran');
    const decodeMs = await timed(async () => {
      const question = { sessionId: packed, model: 'quick', points: CLICKS };
      const events = startClick(services, question)[Symbol.asyncIterator]();
      await untilStage(events, Stage.STAGE_RESAMPLE);
      assert.ok(ended < 2, 'the volume was decoded while networks ran');
      await events.return?.();
    });
    await Promise.all(answers);
    await wholeClick(startClick(services, { sessionId: small, model: 'tiny', points: CLICKS }));
    const counts = await sampling;
    const pings = (await pinging).toSorted((a, b) => a - b);
    const delays = await loopDelays();

    console.log(
      `      four uploads of 8 MiB: ${aloneMs.toFixed(0)} ms alone, ${duringMs.toFixed(0)} ms while networks ran; a click with decoding meanwhile: ${decodeMs.toFixed(0)} ms`,
    );
    tellThreads(counts);
    for (const [name, { p50, p99, max }] of Object.entries(delays)) {
      console.log(
        `      event loop of ${name}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${max.toFixed(1)} ms`,
      );
      assert.ok(p99 <= 200, `the event loop of ${name} came ${p99} ms late`);
    }
    console.log(
      `      health of the gateway: median ${pings[pings.length >> 1]?.toFixed(1)} ms, longest ${pings.at(-1)?.toFixed(1)} ms`,
    );
    assert.ok(duringMs < 20 * aloneMs, 'uploads go on');
  });

  async function upload(file: Uint8Array): Promise<string> {
    const volumes = createClient(VolumeServiceDefinition, channel);
    const { uploadId } = await volumes.createUpload({ sizeBytes: file.length });
    return (await volumes.uploadVolume(uploadMessages(uploadId, file))).receipt;
  }

  async function open(file: Uint8Array): Promise<string> {
    const sessions = createClient(SessionServiceDefinition, channel);
    const { session } = await sessions.createSession({ receipt: await upload(file) });
    return session?.sessionId ?? '';
  }

  async function pingUntil(done: () => boolean): Promise<number[]> {
    const health = createClient(HealthDefinition, channel);
    const times: number[] = [];
    while (!done()) {
      times.push(await timed(() => health.check({})));
      await pause(20);
    }
    return times;
  }

  /** How late the event loops came since this was last asked, by process. */
  async function loopDelays(): Promise<Record<string, LoopDelay>> {
    const processes = { supervisor: served.pid, ...pids };
    const told: Record<string, LoopDelay> = {};
    for (const [name, pid] of Object.entries(processes)) {
      const before = filesOf(pid).length;
      process.kill(pid, 'SIGUSR2');
      while (filesOf(pid).length === before) await pause(5);
      told[name] = JSON.parse(readFileSync(join(folder, `${pid}-${before + 1}.json`), 'utf8'));
    }
    return told;
  }

  const filesOf = (pid: number) =>
    readdirSync(folder).filter((name) => name.startsWith(`${pid}-`) && name.endsWith('.json'));
});

interface LoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

function tellThreads(counts: readonly ThreadCounts[]): void {
  const cores = availableParallelism();
  assert.ok(counts.length > 100, `${counts.length} samples`);
  const share = (over: (count: ThreadCounts) => boolean) =>
    counts.filter(over).length / counts.length;
  const computing = counts.map(({ engine, pool, operations }) => engine + pool + operations);
  const most = Math.max(...computing);
  const beyond = share(
    ({ engine, pool, operations }) => engine + pool + operations > cores + SLACK,
  );
  const two = share(({ engine }) => engine > 1);
  console.log(
    `      threads that compute, of ${counts.length} samples on ${cores} cores: at most ${most}, more than ${cores} + ${SLACK} in ${percent(beyond)}; two networks at once in ${percent(two)}`,
  );
  // A thread that is woken to look whether its turn has come counts as running for an instant.
  assert.ok(beyond < 0.02, `more than ${cores} + ${SLACK} threads computed`);
  assert.ok(two < 0.02, 'two networks computed at once');
  assert.ok(share(({ engine }) => engine === 1) > 0.3, 'networks ran');
}

async function sampleThreads(pid: number, done: () => boolean): Promise<ThreadCounts[]> {
  const counts: ThreadCounts[] = [];
  while (!done()) {
    counts.push(countThreads(pid));
    await pause(SAMPLE_MS);
  }
  return counts;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Starts processes that tell on SIGUSR2 how late their event loops came. */
async function watched(folder: string, start: () => Promise<Served>): Promise<Served> {
  const before = { NODE_OPTIONS: process.env.NODE_OPTIONS, LOOP_DELAYS: process.env.LOOP_DELAYS };
  const watch = new URL('watch-event-loop.mjs', import.meta.url).href;
  process.env.NODE_OPTIONS = `--import=${watch}`;
  process.env.LOOP_DELAYS = folder;
  try {
    return await start();
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
