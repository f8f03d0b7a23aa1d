import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Verdict } from './examine.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly count: number;
  /** Real files, which the mutants are made of. */
  readonly corpus: readonly string[];
  /** What a file's image takes in memory, where that is more than the file itself. */
  readonly honestBytes: Readonly<Record<string, number>>;
  /** Files, one of each transfer syntax, that are read before anything is measured. */
  readonly warmUp: readonly string[];
  readonly onProgress?: (done: number) => void;
}

/** Every `step`-th mutant from `first` on, up to and without `end`. */
export interface FuzzPart extends Omit<FuzzOptions, 'count' | 'onProgress'> {
  readonly first: number;
  readonly step: number;
  readonly end: number;
}

/** From a part to its parent: without an outcome, that this one has begun. */
export type FuzzMessage =
  | { readonly at: number }
  | ({ readonly at: number; readonly file: string; readonly how: string } & Verdict);

export interface FuzzReport {
  readonly done: number;
  readonly outcomes: ReadonlyMap<string, number>;
  /** What must not be, with what makes it again. */
  readonly broken: readonly string[];
}

/** After this long without a word a part hangs beyond what its own limits end. */
const SILENCE_MS = 30_000;

/** Reads `count` mutants in processes of their own; the same seed gives the same mutants. */
export async function fuzz({ count, onProgress, ...options }: FuzzOptions): Promise<FuzzReport> {
  const outcomes = new Map<string, number>();
  const broken: string[] = [];
  let done = 0;
  const hear = (message: FuzzMessage) => {
    if (!('outcome' in message)) return;
    const { at, file, how, outcome } = message;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    done++;
    if (message.broken !== undefined) {
      broken.push(`seed ${options.seed}, number ${at} (${file}, ${how}): ${message.broken}`);
    }
    onProgress?.(done);
  };
  const step = availableParallelism();
  const parts = Array.from({ length: step }, async (_, first) => {
    for (let next = first; next < count; ) {
      const { at, ended } = await runPart({ ...options, first: next, step, end: count }, hear);
      if (ended) return;
      broken.push(`seed ${options.seed}, number ${at}: the process ended or hung`);
      next = at + step;
    }
  });
  await Promise.all(parts);
  return { done, outcomes, broken };
}

/** Where the part was when it ended, and whether it came to its end. */
async function runPart(
  part: FuzzPart,
  hear: (message: FuzzMessage) => void,
): Promise<{ at: number; ended: boolean }> {
  const child = fork(join(import.meta.dirname, 'part.ts'), [JSON.stringify(part)], {
    execArgv: ['--import=tsx'],
  });
  let at = part.first;
  let silence = killLater(child);
  child.on('message', (message: FuzzMessage) => {
    clearTimeout(silence);
    silence = killLater(child);
    at = message.at;
    hear(message);
  });
  const [status] = await once(child, 'exit');
  clearTimeout(silence);
  return { at, ended: status === 0 };
}

function killLater(child: ChildProcess): NodeJS.Timeout {
  return setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
}
