import type { Scanned } from '../instance.ts';
import { scanShort } from '../scan/scan-file.ts';
import type { ScannedFile } from './messages.ts';

/** Files between which the event loop gets its turn: some milliseconds. */
const FILES_AT_ONCE = 32;

/**
 * Files in a row that need a thread, after which no more are looked at here.
 * @internal
 */
const MOST_MISSES = 8;

export interface ScanShortHeadersOptions {
  readonly told: (count: number) => void;
  /** Hears at once that there is one that needs a thread. */
  readonly onMiss: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** Says of each file with a short header what it is, on this thread; undefined, or nothing, of others and broken ones. */
export async function scanShortHeaders(
  files: readonly ScannedFile[],
  { told, onMiss, signal }: ScanShortHeadersOptions,
): Promise<(Scanned | undefined)[]> {
  const scanned: (Scanned | undefined)[] = [];
  let misses = 0;
  let found = 0;
  for (const { path, name } of files) {
    if (misses === MOST_MISSES || signal?.aborted) break;
    const one = scanShort(path, name);
    scanned.push(one);
    if (one !== undefined) found++;
    misses = one === undefined ? misses + 1 : 0;
    if (misses === 1) onMiss();
    if (scanned.length % FILES_AT_ONCE === 0) {
      told(found);
      found = 0;
      await new Promise(setImmediate);
    }
  }
  told(found);
  return scanned;
}
