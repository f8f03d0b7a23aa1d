import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { DRAIN_MS, EXIT_CODES, type ReadyMessage } from '#host';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A child that has run for this long was sound: the next failure is a new one. */
const SOUND_MS = 60_000;
/** How much longer than its own drain a child may take before it is killed. */
const KILL_AFTER_MS = DRAIN_MS + 4000;

export interface ChildServiceOptions {
  readonly name: string;
  /** The compiled program. */
  readonly script: string;
  /** Its flags; after a restart with what it announced before, so that ports stay. */
  readonly flags: (before: ReadyMessage | undefined) => readonly string[];
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
  #process: ChildProcess | undefined;
  #announced: ReadyMessage | undefined;
  #pauseMs = FIRST_PAUSE_MS;
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
    const killer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    await exit;
    clearTimeout(killer);
  }

  /** Cuts what still runs: the second SIGTERM says so. */
  abandon(): void {
    this.#process?.kill('SIGTERM');
  }

  #spawn(): ChildProcess {
    const { script, flags } = this.#options;
    const words = [script, ...flags(this.#announced)];
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    this.#process = spawn(process.execPath, words, { stdio: [...stdio] });
    return this.#process;
  }

  #watch(child: ChildProcess, sinceMs: number): void {
    child.once('exit', (status, signal) => {
      if (this.#stopping) return;
      if (Date.now() - sinceMs > SOUND_MS) this.#pauseMs = FIRST_PAUSE_MS;
      const pauseMs = this.#pauseMs;
      this.#pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      const how = signal ?? `status ${status}`;
      console.error(
        `sextant serve: ${this.#options.name} ended (${how}), starting again in ${pauseMs} ms`,
      );
      this.#restart = setTimeout(() => this.#watch(this.#spawn(), Date.now()), pauseMs);
    });
  }
}

async function readyMessage(child: ChildProcess): Promise<ReadyMessage> {
  for (;;) {
    const [message] = await once(child, 'message');
    if ((message as ReadyMessage).type === 'ready') return message as ReadyMessage;
  }
}
