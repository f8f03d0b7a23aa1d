import type { Element } from '../lib/dtype.ts';
import type { Target } from '../lib/native.ts';

/** Numbers by name: whole tensors in C order, or single figures. */
export type Outcome = Readonly<Record<string, ArrayLike<Element> | Element>>;

/**
 * One case of an operation's cases.ts. The parity test runs `run` under every target of the machine
 * (forceTarget) and compares each outcome with the reference's.
 *
 * Tensors are made inside `run` and disposed there. Cases that need chance make it with `random(seed)`.
 */
export interface ParityCase {
  readonly name: string;
  /** The slow TypeScript twin (reference.ts). */
  readonly reference: () => Outcome;
  readonly run: () => Promise<Outcome>;
  /**
   * How far apart two numbers may be, relative to the larger of 1 and the reference. Default 0: the same
   * bits, where NaN equals NaN and -0 equals 0. State why where it is not 0.
   */
  readonly tolerance?: number;
  /** Targets that have no such code, with the reason, e.g. { emulated: 'its threads cooperate' }. */
  readonly without?: Partial<Record<Target, string>>;
}

/** What cases.ts exports as `cases`. */
export type ParityCases = readonly ParityCase[];

/** Numbers in [0, 1) that are the same for a seed everywhere (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The first difference between two outcomes as a sentence, or undefined. */
export function difference(
  expected: Outcome,
  actual: Outcome,
  tolerance: number,
): string | undefined {
  const names = Object.keys(expected).sort();
  const found = Object.keys(actual).sort();
  if (names.join() !== found.join()) return `names [${found.join()}] instead of [${names.join()}]`;
  for (const name of names) {
    const wanted = listOf(expected[name]);
    const got = listOf(actual[name]);
    if (wanted.length !== got.length) {
      return `${name} has ${got.length} elements instead of ${wanted.length}`;
    }
    for (let n = 0; n < wanted.length; n++) {
      if (!near(wanted[n], got[n], tolerance)) {
        return `${name}[${n}] is ${got[n]} instead of ${wanted[n]}`;
      }
    }
  }
  return undefined;
}

function listOf(value: Outcome[string] | undefined): ArrayLike<Element> {
  if (value === undefined) return [];
  return typeof value === 'number' || typeof value === 'bigint' ? [value] : value;
}

function near(wanted: Element | undefined, got: Element | undefined, tolerance: number): boolean {
  if (wanted === got) return true;
  if (typeof wanted !== 'number' || typeof got !== 'number') return false;
  if (Number.isNaN(wanted) || Number.isNaN(got)) return Number.isNaN(wanted) && Number.isNaN(got);
  return Math.abs(wanted - got) <= tolerance * Math.max(1, Math.abs(wanted));
}
