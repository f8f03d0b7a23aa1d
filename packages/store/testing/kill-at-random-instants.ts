import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { layoutOf } from '../layout.ts';
import { openStore } from '../store.ts';
import { type Fact, RETENTION, randomNumbers, type Work } from './facts.ts';
import { assertNothingLeftOver, assertWholeVolumes, Ledger } from './ledger.ts';

/** What was seen on the way. */
export interface Killed {
  readonly kills: number;
  /** What the killed processes had acknowledged, and the reopened stores were held to. */
  readonly acknowledged: number;
  /** Volumes in the store at the end. */
  readonly volumes: number;
  /** Sessions that are open at the end. */
  readonly sessions: number;
}

/** Longest work before a kill. */
const WORK_MS = 400;
/** One in so many is killed while it starts or opens the store… */
const EARLY_KILLS = 6;
const EARLY_MS = 800;
/** … and one in so many around one of its first steps on files. */
const STEP_KILLS = 3;
const STEPS = 60;

/**
 * Runs a process that uploads, proves, opens and ends sessions, and sweeps; kills it with SIGKILL
 * at a random instant; opens its store and holds it to everything the process had acknowledged.
 * Again, `count` times on the same folder. Throws an `AssertionError` that names the seed and the
 * kill at the first thing that is lost or half-written. About a second a kill.
 *
 * @param options.directory the store's folder; made when absent, and left there
 * @example
 * await killAtRandomInstants({ count: 200, seed: 1, directory, onProgress: console.log });
 */
export async function killAtRandomInstants(options: {
  count: number;
  seed: number;
  directory: string;
  onProgress?: (line: string) => void;
}): Promise<Killed> {
  const { count, seed, directory, onProgress } = options;
  const random = randomNumbers(seed);
  const ledger = new Ledger(Date.parse('2026-01-01T00:00:00Z'));
  for (let kill = 1; kill <= count; kill++) {
    try {
      await workAndKill(ledger, { directory, random });
      await checkReopened(ledger, directory);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new assert.AssertionError({
        message: `seed ${seed}, kill ${kill} of ${count}: ${message}`,
      });
    }
    onProgress?.(`kill ${kill} of ${count}: ${ledger.facts} facts hold`);
  }
  return { kills: count, acknowledged: ledger.facts, ...(await contentOf(ledger, directory)) };
}

async function workAndKill(
  ledger: Ledger,
  { directory, random }: { directory: string; random: () => number },
): Promise<void> {
  const isEarly = random() < 1 / EARLY_KILLS;
  const dieAtStep = random() < 1 / STEP_KILLS ? 1 + Math.floor(random() * STEPS) : 0;
  const seed = Math.floor(random() * 2 ** 31);
  const child = startBusy({ directory, seed, dieAtStep, ...workFor(ledger) });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const exit = once(child, 'exit');
  const told = new AbortController();
  const listening = listen(child, ledger, () => told.abort());
  if (!isEarly) await Promise.race([once(told.signal, 'abort'), exit]);
  await Promise.race([delay(random() * (isEarly ? EARLY_MS : WORK_MS)), exit]);
  child.kill('SIGKILL');
  const [status, signal] = await exit;
  await listening;
  assert.equal(signal, 'SIGKILL', `the process ended by itself (${status}):\n${complaint}`);
}

function startBusy(work: Work): ChildProcess {
  const program = fileURLToPath(new URL('./busy-process.ts', import.meta.url));
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const child = spawn(process.execPath, ['--import=tsx', program], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // It may be killed before it has read what to do.
  child.stdin.on('error', () => {}).end(JSON.stringify(work));
  return child;
}

function workFor(ledger: Ledger): Omit<Work, 'directory' | 'seed' | 'dieAtStep'> {
  const uploads = [...ledger.uploads];
  const ended = uploads.filter(([, { receipt }]) => receipt !== undefined);
  return {
    nowMs: ledger.nowMs,
    unfinished: uploads
      .filter(([, { receipt }]) => receipt === undefined)
      .map(([uploadId, { contents }]) => ({ uploadId, contents })),
    stored: ended.map(([, { contents }]) => contents),
    receipts: ended.map(([, { receipt = '' }]) => receipt),
    sessions: [...ledger.sessions].filter(([, { state }]) => state === 'open').map(([id]) => id),
  };
}

/** Notes whole lines; what the kill has cut in two was not told. */
async function listen(child: ChildProcess, ledger: Ledger, onReady: () => void): Promise<void> {
  assert.ok(child.stdout);
  for await (const line of createInterface(child.stdout)) {
    if (!line.endsWith('}')) continue;
    const fact = JSON.parse(line) as Fact;
    if (fact.fact === 'ready') onReady();
    ledger.note(fact);
  }
}

async function checkReopened(ledger: Ledger, directory: string): Promise<void> {
  await assertWholeVolumes(directory);
  const store = await openStore({ directory, now: () => ledger.nowMs, sweepMs: 0, ...RETENTION });
  try {
    await ledger.compare(store);
    await ledger.finishOne(store);
  } finally {
    await store.close();
  }
  await assertNothingLeftOver(directory);
  await assertWholeVolumes(directory);
}

async function contentOf(ledger: Ledger, directory: string) {
  const open = [...ledger.sessions.values()].filter(({ state }) => state === 'open');
  const volumes = await readdir(layoutOf(directory).volumes);
  return { volumes: volumes.length, sessions: open.length };
}
