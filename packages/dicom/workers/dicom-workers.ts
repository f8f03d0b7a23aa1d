import { availableParallelism } from 'node:os';
import { unlessAborted } from '#errors';
import type { DecodedFrames, FrameRequest } from '../frame-request.ts';
import type { Scanned } from '../instance.ts';
import { frameBytesOf } from '../pixels/sample-type.ts';
import { failureOf, refusal } from './failures.ts';
import type { Answer, ScannedFile, Task } from './messages.ts';
import { PlainReader, plainRequests } from './plain-reader.ts';
import { type Failure, Thread } from './thread.ts';

/**
 * How long one file's header, or one frame, may hold up a thread before the thread is ended.
 * @internal
 */
export const LONGEST_TASK_MS = 4000;

/**
 * Bytes of samples for which a thread has that time once more: JPEG 2000 takes 0.7 s for them on an idle core.
 * @internal
 */
const BYTES_FOR_ONE_LIMIT = 10 * 2 ** 20;

/**
 * Times as long, however large an image says that it is: a slide of 150 MiB takes no longer.
 * @internal
 */
export const MOST_LIMITS = 16;

/** Files whose headers one message asks for: few enough that progress is seen. */
const FILES_AT_ONCE = 64;

/**
 * Files that `scansHere` takes upon itself: with more of them threads are done earlier.
 * @internal
 */
const MOST_SCANNED_HERE = 512;

/**
 * Answers' memory that is kept for the next ones.
 * @internal
 */
const MOST_SPARE_BUFFERS = 8;

export interface DicomWorkersOptions {
  /** Threads; default one for each core. They are started when there is work for them. */
  readonly count?: number;
  readonly taskLimitMs?: number;
  /**
   * Files with short headers are looked into on the caller's thread: for a command that has nothing else
   * to do, and is done with them before a thread has started.
   */
  readonly scansHere?: boolean;
}

export interface ScanOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** Threads that read DICOM, so that what a file does to a parser or decoder it does to a thread alone. */
export interface DicomWorkers {
  readonly count: number;
  /** Says of each file what it is, in the order given. Throws CANCELLED. */
  scan(files: readonly ScannedFile[], options?: ScanOptions): Promise<Scanned[]>;
  /**
   * Decodes the frames of requests of one sample type, end to end in one buffer. Give the buffer back
   * with `release` when its bytes are no longer needed.
   *
   * @throws SextantError VOLUME_CORRUPT, TRANSFER_SYNTAX_UNSUPPORTED, DECODER_STALLED, CANCELLED; its
   *   subject names the file
   */
  decode(requests: readonly FrameRequest[], signal?: AbortSignal): Promise<DecodedFrames>;
  release(decoded: DecodedFrames): void;
  close(): Promise<void>;
}

interface Waiting {
  readonly task: Task;
  readonly limitMs: number;
  readonly onFrame: () => void;
  readonly isWanted: () => boolean;
  readonly settle: (answer: Answer | Failure) => void;
}

export function startDicomWorkers(options: DicomWorkersOptions = {}): DicomWorkers {
  return new ThreadPool(options);
}

class ThreadPool implements DicomWorkers {
  readonly #threads: readonly Thread[];
  readonly #waiting: Waiting[] = [];
  readonly #spare: ArrayBuffer[] = [];
  readonly #plain = new PlainReader();
  readonly #limitMs: number;
  readonly #scansHere: boolean;
  #isClosed = false;

  constructor({
    count = availableParallelism(),
    taskLimitMs = LONGEST_TASK_MS,
    scansHere = false,
  }: DicomWorkersOptions) {
    this.#threads = Array.from({ length: count }, () => new Thread());
    this.#limitMs = taskLimitMs;
    this.#scansHere = scansHere;
  }

  get count(): number {
    return this.#threads.length;
  }

  /** Starts the threads now: that takes as long as much of their work. */
  #warm(): void {
    for (const thread of this.#threads) thread.warm();
  }

  async scan(files: readonly ScannedFile[], { signal, onProgress }: ScanOptions = {}) {
    let done = 0;
    const told = (count: number) => {
      done += count;
      if (count > 0) onProgress?.(done);
    };
    const here = files.slice(0, this.#scansHere ? MOST_SCANNED_HERE : 0);
    const scanning = Promise.all([
      this.#scanHere(here, told, signal),
      this.#scanThere(files.slice(here.length), told, signal),
    ]);
    return (await unlessAborted(scanning, signal)).flat();
  }

  /** On this thread what can be, by the others what cannot. */
  async #scanHere(
    files: readonly ScannedFile[],
    told: (count: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<Scanned[]> {
    if (files.length === 0) return [];
    const { scanShortHeaders } = await import('./scan-short-headers.ts');
    const scanned = await scanShortHeaders(files, { told, onMiss: () => this.#warm(), signal });
    const missed = files.filter((_, n) => scanned[n] === undefined);
    const others = await this.#scanThere(missed, told, signal);
    return files.map((_, n) => (scanned[n] ?? others.shift()) as Scanned);
  }

  async #scanThere(
    files: readonly ScannedFile[],
    told: (count: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<Scanned[]> {
    const parts = partsOf(files, Math.min(FILES_AT_ONCE, Math.ceil(files.length / this.count)));
    const scanned = parts.map(async (part) => {
      const results = await this.#scanPart(part, signal);
      told(part.length);
      return results;
    });
    return (await Promise.all(scanned)).flat();
  }

  async #scanPart(
    files: readonly ScannedFile[],
    signal: AbortSignal | undefined,
  ): Promise<readonly Scanned[]> {
    const answer = await this.#run({ kind: 'scan', files }, { signal });
    if (typeof answer !== 'string') return 'scanned' in answer ? answer.scanned : [];
    if (answer === 'closed') throw failureOf(answer, 'reading DICOM');
    if (files.length > 1) {
      // One of them has ended the thread. Which, shows when each is asked for alone.
      const each = await Promise.all(files.map((file) => this.#scanPart([file], signal)));
      return each.flat();
    }
    return files.map(({ path, name }) => {
      const { reason, message } = failureOf(answer, name);
      return { what: 'broken', broken: { path, name, reason, message } };
    });
  }

  async decode(requests: readonly FrameRequest[], signal?: AbortSignal): Promise<DecodedFrames> {
    const plain = plainRequests(requests);
    if (plain !== undefined) {
      const decoded = this.#isClosed ? undefined : await this.#plain.read(plain, signal);
      if (decoded === undefined || this.#isClosed)
        throw failureOf('closed', nameAfter(requests, 0));
      return decoded;
    }
    return await unlessAborted(this.#decodeByThread(requests, signal), signal);
  }

  async #decodeByThread(
    requests: readonly FrameRequest[],
    signal: AbortSignal | undefined,
  ): Promise<DecodedFrames> {
    let done = 0;
    const onFrame = () => {
      done++;
    };
    const answer = await this.#run({ kind: 'decode', requests }, { signal, onFrame });
    if (answer === 'crashed' && requests.length > 1) {
      // What ended the thread may have been no frame but the memory for all. Which, shows when each is asked alone.
      for (const request of requests) this.release(await this.#decodeByThread([request], signal));
    }
    if (typeof answer === 'string') throw failureOf(answer, nameAfter(requests, done));
    if ('refused' in answer) throw refusal(answer.refused);
    if ('bytes' in answer) return answer;
    throw new Error('a scan was answered');
  }

  release(decoded: DecodedFrames): void {
    if (this.#plain.release(decoded)) return;
    const { bytes } = decoded;
    if (this.#spare.length < MOST_SPARE_BUFFERS) this.#spare.push(bytes.buffer);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#plain.close();
    for (const { settle } of this.#waiting.splice(0)) settle('closed');
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #run(
    task: Task,
    { signal, onFrame = () => {} }: { signal: AbortSignal | undefined; onFrame?: () => void },
  ): Promise<Answer | Failure> {
    if (this.#isClosed) return Promise.resolve('closed');
    return new Promise((settle) => {
      const isWanted = () => signal?.aborted !== true;
      const limitMs = this.#limitMs * limitsOf(task) + stepsOf(task) * 10;
      this.#waiting.push({ task, limitMs, onFrame, isWanted, settle });
      this.#next();
    });
  }

  #next(): void {
    const thread = this.#threads.find(({ isBusy }) => !isBusy);
    if (thread === undefined) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    // Nobody hears a promise that is never settled; its caller has had CANCELLED.
    if (!next.isWanted()) {
      this.#next();
      return;
    }
    const { task, limitMs, onFrame, settle } = next;
    const into = task.kind === 'decode' ? this.#spare.pop() : undefined;
    const sent = into === undefined ? task : { ...task, into };
    const transfer = into === undefined ? [] : [into];
    void thread.run(sent, { transfer, limitMs, onFrame }).then((answer) => {
      settle(answer);
      this.#next();
    });
    this.#next();
  }
}

/** An honest frame takes the longer the larger it is. */
function limitsOf(task: Task): number {
  if (task.kind === 'scan') return 1;
  const bytes = Math.max(...task.requests.map(({ layout }) => frameBytesOf(layout)));
  return Math.min(1 + bytes / BYTES_FOR_ONE_LIMIT, MOST_LIMITS);
}

/** What has to be done between two signs of life: files that are opened, or one frame. */
function stepsOf(task: Task): number {
  return task.kind === 'scan' ? task.files.length : 1;
}

/** The file whose turn it was when so many frames were done. */
function nameAfter(requests: readonly FrameRequest[], done: number): string {
  let left = done;
  for (const { name, frames } of requests) {
    if (left < frames.length) return name;
    left -= frames.length;
  }
  return requests.at(-1)?.name ?? 'pixel data';
}

function partsOf<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}
