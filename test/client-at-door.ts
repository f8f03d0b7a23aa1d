import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type MeteredDoor, meteredDoor } from './metered-door.ts';
import { type Served, serve } from './served.ts';

const MAIN = join(import.meta.dirname, '../dist/cli/main.js');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A server, a metered door before it, and a user with a state folder of his own. */
export interface ClientAtDoor {
  readonly folder: string;
  readonly server: Served;
  readonly door: MeteredDoor;
  /** XDG_STATE_HOME of what is started. */
  readonly state: string;
  /** The command line as a process, in `folder`. */
  start(...words: string[]): { child: ChildProcess; ended: Promise<Ended> };
  run(...words: string[]): Promise<Ended>;
}

/** For tests: set up before the first test of a suite, with the door open before each. */
export function clientAtDoor(): ClientAtDoor {
  let set: { folder: string; server: Served; door: MeteredDoor } | undefined;
  let state = '';
  const running: ChildProcess[] = [];
  const now = () => {
    if (set === undefined) throw new Error('the server is not running yet');
    return set;
  };

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sextant-door-'));
    const server = await serve(folder);
    const door = await meteredDoor({ port: Number(server.address.split(':')[1]) });
    set = { folder, server, door };
  });

  beforeEach(() => {
    state = mkdtempSync(join(now().folder, 'state-'));
    now().door.open();
    now().door.reset();
  });

  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  });

  after(async () => {
    set?.door.close();
    await set?.server.stop();
    if (set !== undefined) rmSync(set.folder, { recursive: true, force: true });
  });

  function start(...words: string[]) {
    const settings = Object.entries(process.env).filter(([name]) => !/^(SEXTANT|XDG)_/.test(name));
    const child = spawn(process.execPath, [MAIN, ...words], {
      cwd: now().folder,
      env: { ...Object.fromEntries(settings), XDG_STATE_HOME: state },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const ended = once(child, 'exit').then(async ([status]) => {
      const [stdout, stderr] = await output;
      return { status: status as number | null, stdout, stderr };
    });
    return { child, ended };
  }

  return {
    get folder() {
      return now().folder;
    },
    get server() {
      return now().server;
    },
    get door() {
      return now().door;
    },
    get state() {
      return state;
    },
    start,
    run: (...words) => start(...words).ended,
  };
}
