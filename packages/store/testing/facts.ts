import { createHash } from 'node:crypto';
import { patternBytes } from '../test-support.ts';

/** The bytes of a file that is sent, told in two numbers. */
export interface Contents {
  readonly seed: number;
  readonly sizeBytes: number;
}

/** What a busy process tells: one line of JSON each, written once the store has said so. */
export type Fact =
  | { readonly fact: 'ready' }
  /** Told before the time is used. */
  | { readonly fact: 'clock'; readonly nowMs: number }
  | {
      readonly fact: 'announced';
      readonly uploadId: string;
      readonly contents: Contents;
      readonly atMs: number;
    }
  /** Told before bytes beyond the offset are given up. */
  | { readonly fact: 'rewinding'; readonly uploadId: string; readonly offsetBytes: number }
  | {
      readonly fact: 'durable';
      readonly uploadId: string;
      readonly offsetBytes: number;
      /** The time when the call began, which the store has seen or a later one. */
      readonly atMs: number;
    }
  | {
      readonly fact: 'stored';
      readonly uploadId: string;
      readonly receipt: string;
      readonly atMs: number;
    }
  /** Its bytes were others than announced. */
  | { readonly fact: 'refused'; readonly uploadId: string }
  | {
      readonly fact: 'opened';
      readonly sessionId: string;
      readonly volumeId: string;
      readonly expiresMs: number;
    }
  | { readonly fact: 'slid'; readonly sessionId: string; readonly expiresMs: number }
  /** Told before the session is deleted: from here on it may be gone. */
  | { readonly fact: 'ending'; readonly sessionId: string }
  | { readonly fact: 'ended'; readonly sessionId: string };

/** What a busy process goes on with. */
export interface Work {
  readonly directory: string;
  readonly seed: number;
  readonly nowMs: number;
  /** Dies by itself around the so-many-th step on a file; 0 leaves it to its parent. */
  readonly dieAtStep: number;
  readonly unfinished: readonly { uploadId: string; contents: Contents }[];
  readonly stored: readonly Contents[];
  readonly receipts: readonly string[];
  readonly sessions: readonly string[];
}

export const HOUR_MS = 3_600_000;

/** How long the stores of this harness keep things: hours pass quickly in them. */
export const RETENTION = {
  sessionMs: 12 * HOUR_MS,
  volumeMs: 6 * HOUR_MS,
  uploadMs: 8 * HOUR_MS,
} as const;

export function bytesOf({ seed, sizeBytes }: Contents): Uint8Array {
  return patternBytes(sizeBytes, seed);
}

export function digestOf(contents: Contents): string {
  return createHash('sha256').update(bytesOf(contents)).digest('hex');
}

/** Numbers in [0, 1), the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
