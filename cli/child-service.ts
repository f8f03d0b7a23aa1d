import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { CUT_END_MS, EXIT_CODES, type ReadyMessage } from '#host';
import { RestartPause } from './restart-pause.ts';

/**
 * V8's collector has helper threads, outside the budget of cores. While networks have all of these, the
 * event loop stood still until the helpers had had theirs: a decoding collects a dozen times (the
 * buffers of its pieces), and each pause was three times as long as without them. An upload is made of
 * such buffers too; with room for more of them it is collected half as often.
 */
export const NODE_FLAGS = ['--single-threaded-gc', '--max-semi-space-size=32'];

/**
 * How much longer than its drain a child may take to end before it is killed: it has limits itself.
 * @internal
 */
const KILL_AFTER_MS = CUT_END_MS + 1000;

export interface ChildServiceOptions {
  readonly name: string;
  /** The compiled program. */
  readonly script: string;
  /** Its flags; after a restart with what it announced before, so that ports stay. */
  readonly flags: (before: ReadyMessage | undefined) => readonly string[];
  /** How long it lets calls run once it is told to end. */
  readonly drainMs: number;
}

/** A child that ended before it was ready. It has told why on stderr itself. */
export class ChildFailed extends Error {
  readonly status: number;

  constructor(name: string, status: number | null) {
    super(`${name} did not start`);
    this.status = status ?? EXIT_CODES.failed;
  }
}

/** A service in a process of its own, started again when it dies. */
export class ChildService {
  readonly #options: ChildServiceOptions;
  readonly #pause = new RestartPause();
  #process: ChildProcess | undefined;
  #announced: ReadyMessage | undefined;
  #restart: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: ChildServiceOptions) {
    this.#options = options;
  }

  /** Starts the service and waits until it is ready. Throws ChildFailed when it ends before. */
  async start(): Promise<ReadyMessage> {
    const child = this.#spawn();
    const exit = once(child, 'exit').then(([status]) => {
      throw new ChildFailed(this.#options.name, status as number | null);
    });
    const ready = await Promise.race([exit, readyMessage(child)]);
    exit.catch(() => undefined);
    this.#announced = ready;
    this.#watch(child, Date.now());
    return ready;
  }

  /** Lets running calls end, then the process; kills it when that takes too long. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const limitMs = this.#options.drainMs + KILL_AFTER_MS;
    const killer = setTimeout(() => {
      this.#say(`has not ended after ${limitMs} ms and is killed`);
      child.kill('SIGKILL');
    }, limitMs);
    await exit;
    clearTimeout(killer);
  }

  /** Cuts the calls that still run in a service that is being stopped: the second SIGTERM says so. */
  abandon(): void {
    if (this.#stopping) this.#process?.kill('SIGTERM');
  }

  #spawn(): ChildProcess {
    const { script, flags } = this.#options;
    const words = [...NODE_FLAGS, script, ...flags(this.#announced)];
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    this.#process = spawn(process.execPath, words, { stdio: [...stdio] });
    return this.#process;
  }

  /** `readyMs` is when the child was ready; undefined as long as it is not. */
  #watch(child: ChildProcess, readyMs: number | undefined): void {
    let sinceMs = readyMs;
    if (sinceMs === undefined) {
      const ready = () => {
        sinceMs = Date.now();
        this.#say('is ready again');
      };
      readyMessage(child).then(ready, () => {});
    }
    const again = (how: string) => {
      if (this.#stopping) return;
      const pauseMs = this.#pause.next(sinceMs === undefined ? 0 : Date.now() - sinceMs);
      const early = sinceMs === undefined ? ' before it was ready' : '';
      const when = pauseMs === 0 ? 'now' : `in ${pauseMs} ms`;
      this.#say(`ended (${how})${early}, starting again ${when}`);
      this.#restart = setTimeout(() => this.#watch(this.#spawn(), undefined), pauseMs);
    };
    child.once('exit', (status, signal) => again(signal ?? `status ${status}`));
    child.once('error', (error) => {
      // A machine without a free process or without memory: there was no start, and so no exit.
      if (child.pid === undefined) again(error.message);
    });
  }

  #say(what: string): void {
    console.error(`sextant serve: ${this.#options.name} ${what}`);
  }
}

async function readyMessage(child: ChildProcess): Promise<ReadyMessage> {
  for (;;) {
    const [message] = await once(child, 'message');
    if ((message as ReadyMessage).type === 'ready') return message as ReadyMessage;
  }
}
