import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { abortError, errnoWords, SextantError } from '#errors';
import { makeFolder } from '#host';
import { reserveFile } from '#kernels';
import type { ImageFile } from '#volume';

/** Smaller files are written sooner than room for them is found. */
const LEAST_RESERVED_BYTES = 16 * 2 ** 20;

/**
 * Writes files under other names in the same folder and gives them theirs when all are whole, in their
 * order: no half file ever has a final name.
 *
 * @param path of the files without ending
 * @returns their paths
 * @throws SextantError FILE_UNWRITABLE, CANCELLED, and what the pieces throw
 */
export async function writeVolume(
  path: string,
  files: readonly ImageFile[],
  signal?: AbortSignal,
): Promise<string[]> {
  await makeFolder(dirname(path)).catch((cause) => unwritable(path, cause));
  const parts: { part: string; path: string }[] = [];
  try {
    for (const { suffix, bytes, pieces } of files) {
      const final = `${path}${suffix}`;
      // Not of the file's own name, which may be as long as a name can be.
      const part = join(dirname(final), `.sextant-${uniqueName()}.part`);
      parts.push({ part, path: final });
      await writePieces(part, pieces, { path: final, bytes, signal });
    }
    if (signal?.aborted) throw abortError(signal);
    for (const { part, path: final } of parts) {
      await rename(part, final).catch((cause) => unwritable(final, cause));
    }
    return parts.map((written) => written.path);
  } catch (error) {
    await Promise.all(parts.map(({ part }) => rm(part, { force: true }).catch(() => undefined)));
    throw error;
  }
}

/** Of this process at this nanosecond: to load a generator of random names takes longer than to write many. */
function uniqueName(): string {
  return `${process.pid}-${process.hrtime.bigint().toString(36)}`;
}

async function writePieces(
  part: string,
  pieces: AsyncIterable<Uint8Array>,
  {
    path,
    bytes,
    signal,
  }: { path: string; bytes?: number | undefined; signal?: AbortSignal | undefined },
): Promise<void> {
  const file = await open(part, 'wx').catch((cause) => unwritable(path, cause));
  let written = 0;
  try {
    if (bytes !== undefined && bytes >= LEAST_RESERVED_BYTES) {
      await reserveFile({ descriptor: file.fd, bytes }).catch((cause) => unwritable(path, cause));
    }
    for await (const piece of pieces) {
      if (signal?.aborted) throw abortError(signal);
      for (let at = 0; at < piece.length; ) {
        const { bytesWritten } = await file
          .write(piece, at, piece.length - at)
          .catch((cause) => unwritable(path, cause));
        at += bytesWritten;
        written += bytesWritten;
      }
    }
    // What was reserved beyond it would be a longer file.
    if (bytes !== undefined && written !== bytes) {
      throw new Error(`${written} bytes were written of ${bytes}`);
    }
  } finally {
    await file.close();
  }
}

function unwritable(path: string, cause: unknown): never {
  throw new SextantError('FILE_UNWRITABLE', {
    subject: path,
    got: errnoWords(cause),
    expected: 'a place to write to',
    remedy: 'make room, or give another folder with -o',
    cause,
  });
}
