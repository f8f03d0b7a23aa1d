import { statfs } from 'node:fs/promises';
import { SextantError } from '#errors';
import { STORE_LIMITS } from './limits.ts';
import type { Records } from './records.ts';

/** What a store holds, and what unfinished uploads have been promised, in bytes. */
export interface Usage {
  readonly storedBytes: number;
  readonly promisedBytes: number;
  readonly openUploads: number;
}

export async function usageOf(records: Records): Promise<Usage> {
  let storedBytes = 0;
  for await (const [, { sizeBytes }] of records.entries('volumes')) storedBytes += sizeBytes;
  let promisedBytes = 0;
  let openUploads = 0;
  for await (const [, { sizeBytes, done }] of records.entries('uploads')) {
    if (done !== undefined) continue;
    promisedBytes += sizeBytes;
    openUploads += 1;
  }
  return { storedBytes, promisedBytes, openUploads };
}

/**
 * Refuses an upload that the store cannot hold, before its first byte: `ARGUMENT_INVALID` for a
 * size that is none, `LIMIT_EXCEEDED` for one file or too many uploads, `STORE_FULL` for the room.
 */
export async function checkRoom(
  sizeBytes: number,
  usage: Usage,
  bounds: { directory: string; uploadLimitBytes: number; limitBytes: number | undefined },
): Promise<void> {
  if (sizeBytes > bounds.uploadLimitBytes) {
    throw new SextantError('LIMIT_EXCEEDED', {
      subject: 'size_bytes',
      got: `${sizeBytes}`,
      expected: `at most ${bounds.uploadLimitBytes}`,
    });
  }
  if (usage.openUploads >= STORE_LIMITS.openUploads) {
    throw new SextantError('LIMIT_EXCEEDED', {
      subject: 'uploads',
      got: `${usage.openUploads} unfinished ones`,
      expected: 'fewer at once',
      retryAfterMs: STORE_LIMITS.retryUploadMs,
    });
  }
  const taken = usage.storedBytes + usage.promisedBytes;
  if (bounds.limitBytes !== undefined && taken + sizeBytes > bounds.limitBytes) {
    throw full(
      sizeBytes,
      bounds.limitBytes - taken,
      'wait until volumes expire, or raise --store-limit',
    );
  }
  const disk = await statfs(bounds.directory);
  const free = disk.bavail * disk.bsize - STORE_LIMITS.diskReserveBytes - usage.promisedBytes;
  if (sizeBytes > free) throw full(sizeBytes, free, 'make room on the disk of --data');
}

/** Throws `ARGUMENT_INVALID` unless `sizeBytes` is a whole number above 0. */
export function checkSize(sizeBytes: number): void {
  if (Number.isSafeInteger(sizeBytes) && sizeBytes > 0) return;
  throw new SextantError('ARGUMENT_INVALID', {
    subject: 'size_bytes',
    got: String(sizeBytes),
    expected: "the file's size in bytes, 1 or more",
  });
}

function full(sizeBytes: number, roomBytes: number, remedy: string): SextantError {
  return new SextantError('STORE_FULL', {
    subject: 'size_bytes',
    got: String(sizeBytes),
    expected: `at most the ${Math.max(0, roomBytes)} bytes that the store has room for`,
    remedy,
  });
}
