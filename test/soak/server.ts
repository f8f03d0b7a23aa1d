import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../packages/dicom/fuzz/random.ts';
import { POOL } from './cases.ts';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');
/** Below the ports that the kernel gives to clients: one of them would be taken while we are down. */
const PORTS = { first: 20_000, count: 12_000 };
const START_MS = 60_000;

export type Role = 'supervisor' | 'gateway' | 'inference';

/** `sextant serve` on ports that stay, with a folder for its data, its sockets and its log. */
export class Server {
  readonly address: string;
  readonly data: string;
  readonly log: string;
  readonly #words: string[];
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;

  private constructor(folder: string, [grpcPort, httpPort]: readonly [number, number]) {
    this.address = `127.0.0.1:${grpcPort}`;
    this.data = join(folder, 'data');
    this.log = join(folder, 'server.log');
    const ports = ['--grpc-port', String(grpcPort), '--http-port', String(httpPort)];
    // A small cache is full before the first sample of memory is taken.
    const limits = ['--cache-limit', '32MiB', '--log-level', 'warn'];
    this.#words = [MAIN, 'serve', ...ports, ...limits, '--config', POOL, '--data', this.data];
    const settings = Object.entries(process.env).filter(([name]) => !/^(SEXTANT|XDG)_/.test(name));
    this.#env = { ...Object.fromEntries(settings), TMPDIR: folder };
  }

  static async prepare(folder: string, random: Random): Promise<Server> {
    return new Server(folder, [await freePort(random), await freePort(random)]);
  }

  /** Starts it and waits until it serves. */
  async start(): Promise<void> {
    const log = openSync(this.log, 'a');
    const child = spawn(process.execPath, this.#words, {
      env: this.#env,
      stdio: ['ignore', log, log, 'ipc'],
    });
    this.#child = child;
    const ready = await Promise.race([
      once(child, 'message').then(() => true),
      once(child, 'exit').then(() => false),
      delay(START_MS, false, { ref: false }),
    ]);
    if (!ready) throw new Error(`the server did not start:\n${this.logTail()}`);
  }

  /** The processes that live now. */
  processes(): Map<Role, number> {
    const pid = this.#child?.pid;
    const found = new Map<Role, number>();
    if (pid === undefined || !isAlive(pid)) return found;
    found.set('supervisor', pid);
    for (const child of childrenOf(pid)) {
      const role = /dist\/(gateway|inference)\/main\.js/.exec(commandOf(child))?.[1];
      if (role !== undefined) found.set(role as Role, child);
    }
    return found;
  }

  /** SIGTERM; the exit status and how long it took. */
  async stop(): Promise<{ status: number | null; ms: number }> {
    const began = performance.now();
    const child = this.#child;
    if (child === undefined) throw new Error('the server was never started');
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    return { status: child.exitCode, ms: performance.now() - began };
  }

  logTail(): string {
    return existsSync(this.log) ? readFileSync(this.log, 'utf8').slice(-2000) : '';
  }
}

/** Whether the process runs; one that has ended and is not yet waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Those of the processes that still live when `limitMs` have passed: none, if all is well. */
export async function survivors(pids: readonly number[], limitMs: number): Promise<number[]> {
  for (const end = Date.now() + limitMs; Date.now() < end; await delay(50)) {
    if (!pids.some(isAlive)) return [];
  }
  return pids.filter(isAlive);
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function freePort(random: Random): Promise<number> {
  for (;;) {
    const port = PORTS.first + random.below(PORTS.count);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
