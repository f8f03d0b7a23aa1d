import { statfs } from 'node:fs/promises';
import { SextantError } from '#errors';
import { STORE_LIMITS } from './limits.ts';

/** What a store holds, and what unfinished uploads have been promised, in bytes. */
export interface Usage {
  readonly storedBytes: number;
  readonly promisedBytes: number;
  readonly openUploads: number;
  /** Expired ones until they are swept. */
  readonly sessions: number;
}

/**
 * Refuses an upload that the store cannot hold, before its first byte: `LIMIT_EXCEEDED` for too
 * many uploads, `STORE_FULL` for the room.
 */
export async function checkRoom(
  sizeBytes: number,
  usage: Usage,
  bounds: { directory: string; limitBytes: number | undefined; diskReserveBytes: number },
): Promise<void> {
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
  const free = disk.bavail * disk.bsize - bounds.diskReserveBytes - usage.promisedBytes;
  if (sizeBytes > free) throw full(sizeBytes, free, 'make room on the disk of --data');
}

/**
 * Checks the size of one file. Throws `ARGUMENT_INVALID` unless it is a whole number above 0,
 * `LIMIT_EXCEEDED` when it is above the limit.
 */
export function checkSize(sizeBytes: number, uploadLimitBytes: number): void {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes <= 0) {
    throw new SextantError('ARGUMENT_INVALID', {
      subject: 'size_bytes',
      got: String(sizeBytes),
      expected: "the file's size in bytes, 1 or more",
    });
  }
  if (sizeBytes <= uploadLimitBytes) return;
  throw new SextantError('LIMIT_EXCEEDED', {
    subject: 'size_bytes',
    got: `${sizeBytes}`,
    expected: `at most ${uploadLimitBytes}`,
  });
}

/** The error for a peer that has as many unfinished uploads as one may. */
export function tooManyUploads(bound: number): SextantError {
  return new SextantError('LIMIT_EXCEEDED', {
    subject: 'uploads',
    got: `${bound} unfinished ones from this address`,
    expected: `fewer than the ${bound} of --uploads-per-peer`,
    remedy: 'finish one, wait until one expires (--upload-hours), or raise --uploads-per-peer',
    retryAfterMs: STORE_LIMITS.retryUploadMs,
  });
}

/** The error for a peer that has as many sessions as one may. */
export function tooManySessions(bound: number): SextantError {
  return new SextantError('LIMIT_EXCEEDED', {
    subject: 'sessions',
    got: `${bound} open ones from this address`,
    expected: `fewer than the ${bound} of --sessions-per-peer`,
    remedy: 'delete one, wait until one expires (--session-hours), or raise --sessions-per-peer',
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
