import { setMaxListeners } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../../packages/dicom/fuzz/random.ts';
import { killAtRandomInstants } from '../../packages/store/testing/kill-at-random-instants.ts';
import { computeImages } from './cases.ts';
import { SoakClient } from './client.ts';
import type { SoakOptions } from './options.ts';
import { ProcessWatch } from './processes.ts';
import type { Line } from './report.ts';
import { growthLines, tallyLines } from './report.ts';
import { isAlive, Server, survivors } from './server.ts';
import { Tally } from './tally.ts';

/** How long orphans and a drain may take to be over: their own limits, and a busy machine. */
const ORPHANS_MS = 10_000;
const DRAIN_MS = 20_000;
const SAY_MS = 10_000;
/** Clicks that a machine of two cores answers in a second, shared by the clients. */
const CLICKS_PER_SECOND = 4;

type Say = (line: string) => void;

interface Stage {
  readonly options: SoakOptions;
  readonly server: Server;
  readonly tally: Tally;
  readonly random: Random;
  readonly watch: ProcessWatch;
  readonly say: Say;
}

/** The store's kills alone, then clients on a server whose processes are killed. A line a promise. */
export async function soak(options: SoakOptions, say: Say): Promise<Line[]> {
  // Sockets lie in it, and their paths must be short.
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  try {
    const store = await storeLines(options, join(folder, 'store'), say);
    const served = await serverLines(options, folder, say);
    return [...store, ...served];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function storeLines(options: SoakOptions, directory: string, say: Say): Promise<Line[]> {
  const { storeKills: count, seed } = options;
  if (count === 0) return [];
  const what = `${count} kills of a store at work`;
  say(what);
  const onProgress = everySo(say);
  try {
    const { acknowledged } = await killAtRandomInstants({ count, seed, directory, onProgress });
    return [{ what, value: `${acknowledged} acknowledged facts, none lost`, ok: true }];
  } catch (error) {
    return [{ what, value: error instanceof Error ? error.message : String(error), ok: false }];
  }
}

/** Passes on the first line in ten seconds. */
function everySo(say: Say): Say {
  let nextMs = 0;
  return (line) => {
    if (performance.now() < nextMs) return;
    nextMs = performance.now() + SAY_MS;
    say(line);
  };
}

async function serverLines(options: SoakOptions, folder: string, say: Say): Promise<Line[]> {
  say('computing every mask alone');
  const images = await computeImages();
  const random = new Random(options.seed);
  const server = await Server.prepare(folder, random);
  const tally = new Tally();
  const watch = new ProcessWatch(server);
  await server.start();
  watch.begin();
  const stop = new AbortController();
  const thinkMs = (1000 * options.clients) / CLICKS_PER_SECOND;
  const { address } = server;
  const clients = Array.from({ length: options.clients }, (_, at) => {
    const own = new Random(options.seed + 1 + at);
    return new SoakClient({ name: `client ${at}`, address, images, random: own, tally, thinkMs });
  });
  setMaxListeners(clients.length, stop.signal);
  const running = clients.map((client) => client.run(stop.signal));
  const stage = { options, server, tally, random, watch, say };
  const lines = [...(await killServices(stage)), ...(await killSupervisor(stage))];
  say('the clients come to their ends');
  stop.abort();
  await Promise.all(running);
  const kept = (await Promise.all(clients.map((client) => client.verify()))).reduce(
    (sum, count) => sum + count,
    0,
  );
  watch.end();
  for (const client of clients) client.close();
  const ended = await endLines(stage, folder, clients.length);
  return [...tallyLines(tally, kept), ...lines, ...ended];
}

/** Kills a random service every so often, then leaves them alone for a while to see them settle. */
async function killServices(stage: Stage): Promise<Line[]> {
  const { options, random, server, tally, watch } = stage;
  const killMs = options.killEvery * 1000;
  const untilMs = performance.now() + options.minutes * 60_000;
  const calmMs = Math.max(2 * killMs, Math.min(60_000, options.minutes * 6000));
  const left = () => untilMs + calmMs - performance.now();
  const saying = setInterval(() => stage.say(progress(tally, left())), SAY_MS);
  while (performance.now() + killMs < untilMs) {
    await delay(killMs);
    const role = random.pick(['inference', 'gateway'] as const);
    const pid = server.processes().get(role);
    // It may be dead still, from the kill before.
    if (pid === undefined) continue;
    tally.killed();
    process.kill(pid, 'SIGKILL');
  }
  await delay(Math.max(0, left()));
  clearInterval(saying);
  const settledMs = Math.min(30_000, killMs);
  return growthLines({
    lived: watch.grown(settledMs, settledMs / 2),
    reborn: (['gateway', 'inference'] as const).map((role) => watch.reborn(role, killMs * 0.6)),
  });
}

function progress(tally: Tally, leftMs: number): string {
  const { clicks, retries, kills, uploads, failures } = tally;
  const left = `${Math.max(0, Math.round(leftMs / 1000))} s left`;
  const counts = `${clicks} clicks, ${uploads} uploads, ${retries} retries, ${kills} kills`;
  return `${left}: ${counts}, ${failures.length} failures`;
}

/** Kills the supervisor: its services must go, and the next one must take over the same folder. */
async function killSupervisor(stage: Stage): Promise<Line[]> {
  const { options, server, tally, random, say } = stage;
  const lines: Line[] = [];
  for (let kill = 1; kill <= options.supervisorKills; kill++) {
    say(`supervisor kill ${kill} of ${options.supervisorKills}`);
    const processes = server.processes();
    const pid = processes.get('supervisor');
    if (pid === undefined) throw new Error(`the supervisor is gone:\n${server.logTail()}`);
    tally.killed();
    process.kill(pid, 'SIGKILL');
    const started = server.start();
    const orphans = await survivors([...processes.values()], ORPHANS_MS);
    lines.push({
      what: `orphans of supervisor ${kill}`,
      value: String(orphans.length),
      ok: orphans.length === 0,
    });
    await started;
    const before = tally.clicks;
    for (let waited = 0; tally.clicks < before + 3 && waited < 60; waited++) await delay(500);
    await delay(1000 * random.next());
  }
  return lines;
}

async function endLines({ server, say }: Stage, folder: string, clients: number): Promise<Line[]> {
  say('the server drains');
  const pids = [...server.processes().values()];
  const { status, ms } = await server.stop();
  const alive = pids.filter(isAlive).length;
  const sockets = readdirSync(folder).filter((name) => name.startsWith('sextant-run-'));
  const parts = readdirSync(join(server.data, 'uploads')).filter((name) => name.endsWith('.part'));
  return [
    {
      what: 'SIGTERM',
      value: `status ${status} after ${Math.round(ms)} ms, ${alive} processes left`,
      ok: status === 0 && ms < DRAIN_MS && alive === 0,
    },
    {
      what: 'socket folders left',
      value: String(sockets.length),
      ok: sockets.length === 0,
    },
    {
      what: 'unfinished uploads left',
      value: String(parts.length),
      // A client sends one image at a time, and all have ended theirs.
      ok: parts.length <= clients,
    },
  ];
}
