import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { abortError, SextantError } from '#errors';
import type { InputFile } from '../conversion.ts';
import { LARGEST_UNPACKED_BYTES, LONGEST_NAME_BYTES, MOST_FILES } from '../limits.ts';

/** An entry of an archive; a file's content is read before the next entry is asked for. */
export interface ArchiveEntry {
  readonly name: string;
  /** Absent for what is no file: a folder, a link, a device. */
  readonly open?: () => Promise<Readable>;
}

export interface UnpackOptions {
  /** An empty folder of the caller's own; files in it get numbers for names. */
  readonly folder: string;
  readonly maxBytes?: number;
  readonly maxFiles?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks the files of a zip, a tar, or a tar in a gzip. What an entry is called is kept for messages and
 * never becomes a path; links, devices and folders are passed over, archives within are not opened.
 *
 * @throws SextantError LIMIT_EXCEEDED, VOLUME_CORRUPT, VOLUME_TYPE_UNSUPPORTED, CANCELLED
 */
export async function unpackArchive(
  path: string,
  kind: 'zip' | 'tar',
  { folder, maxBytes = LARGEST_UNPACKED_BYTES, maxFiles = MOST_FILES, signal }: UnpackOptions,
): Promise<InputFile[]> {
  const files: InputFile[] = [];
  let bytes = 0;
  let entries = 0;
  const counted = () =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        if (bytes > maxBytes) done(tooMuch(`more than ${maxBytes} bytes`, 'a smaller archive'));
        else done(null, chunk);
      },
    });
  try {
    for await (const { name, open } of await entriesOf(path, kind, signal)) {
      if (signal?.aborted) throw abortError(signal);
      if (++entries > maxFiles) {
        throw tooMuch(`more than ${maxFiles} files and folders`, 'fewer files');
      }
      if (open === undefined) continue;
      const path = join(folder, String(files.length));
      const unpacked = { path, name: checkedName(name), isRenamed: true };
      const content = await open();
      await pipeline(
        content,
        counted(),
        createWriteStream(unpacked.path, { flags: 'wx', mode: 0o600 }),
        { signal },
      );
      files.push(unpacked);
    }
  } catch (error) {
    throw signal?.aborted ? abortError(signal) : archiveError(error);
  }
  return files;
}

/** Each library is loaded when there is an archive of its kind: most conversions have none. */
async function entriesOf(
  path: string,
  kind: 'zip' | 'tar',
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<ArchiveEntry>> {
  if (kind === 'zip') return (await import('./zip.ts')).zipEntries(path);
  return (await import('./tar.ts')).tarEntries(path, signal);
}

function checkedName(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_NAME_BYTES) return name;
  throw tooMuch(`a name of ${Buffer.byteLength(name)} bytes`, `at most ${LONGEST_NAME_BYTES}`);
}

function tooMuch(got: string, expected: string): SextantError {
  return new SextantError('LIMIT_EXCEEDED', {
    subject: 'archive',
    got,
    expected,
    remedy: 'part it into several',
  });
}

function archiveError(error: unknown): unknown {
  if (error instanceof SextantError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  // What the machine says of its files is no fault of the archive.
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return error;
  return new SextantError('VOLUME_CORRUPT', {
    subject: 'archive',
    got: error instanceof Error ? error.message : String(error),
    expected: 'a whole zip or tar',
    remedy: 'make the archive again',
    cause: error,
  });
}
