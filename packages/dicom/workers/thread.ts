import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { SextantError } from '#errors';
import { projectRoot } from '#host/root';
import { type Answer, FRAME_DONE, type Task } from './messages.ts';

/**
 * A parser or a decoder that takes more memory than this is broken: the thread ends, and not the process.
 * Samples and files lie outside of it.
 * @internal
 */
export const LARGEST_HEAP_MIB = 1024;

/** How a task ended that gave no answer. */
export type Failure = 'stalled' | 'crashed' | 'closed';

export interface RunOptions {
  readonly transfer: ArrayBuffer[];
  readonly limitMs: number;
  /** Hears of each frame that is decoded. */
  readonly onFrame: () => void;
}

/** One worker thread, started anew when it stalls or dies. */
export class Thread {
  #worker: Worker | undefined;
  #settle: ((answer: Answer | Failure) => void) | undefined;
  #frameDone: (() => void) | undefined;

  get isBusy(): boolean {
    return this.#settle !== undefined;
  }

  /** Starts the thread, so that it is there when work comes. */
  warm(): void {
    this.#started();
  }

  /** Runs one task; `limitMs` after its beginning, or after its last frame that was done, the thread is ended. */
  run(task: Task, { transfer, limitMs, onFrame }: RunOptions): Promise<Answer | Failure> {
    const worker = this.#started();
    // While it works, the process waits for it.
    worker.ref();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#forget();
        this.#settle?.('stalled');
      }, limitMs);
      this.#frameDone = () => {
        timer.refresh();
        onFrame();
      };
      this.#settle = (answer) => {
        clearTimeout(timer);
        this.#settle = undefined;
        this.#frameDone = undefined;
        this.#worker?.unref();
        resolve(answer);
      };
      worker.postMessage(task, transfer);
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.removeAllListeners();
    this.#settle?.('closed');
    await worker?.terminate();
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(workerProgram(), {
      resourceLimits: { maxOldGenerationSizeMb: LARGEST_HEAP_MIB },
      // What codecs print is nobody's business.
      stdout: true,
      stderr: true,
    });
    worker.on('message', (told: Answer | typeof FRAME_DONE) => {
      if (told === FRAME_DONE) this.#frameDone?.();
      else this.#settle?.(told);
    });
    const died = () => {
      // An exception is told first and the end later: by then the next worker may be at work.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#settle?.('crashed');
    };
    worker.on('error', died);
    worker.on('exit', died);
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #forget(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.removeAllListeners();
    // Someone has to listen, or the end of it is thrown.
    worker?.on('error', () => {});
    void worker?.terminate();
  }
}

/** Threads load compiled programs only. */
function workerProgram(): string {
  const path = fileURLToPath(new URL('dist/dicom/worker.js', projectRoot()));
  if (existsSync(path)) return path;
  throw new SextantError('FILE_UNREADABLE', {
    subject: path,
    got: 'no such file',
    expected: 'the compiled reader of DICOM',
    remedy: 'npm run build',
  });
}
