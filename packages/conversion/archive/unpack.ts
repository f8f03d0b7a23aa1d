import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { abortError, SextantError } from '#errors';
import type { InputFile } from '../conversion.ts';
import { LARGEST_UNPACKED_BYTES, LONGEST_NAME_BYTES, MOST_FILES } from '../limits.ts';
import { tarEntries } from './tar.ts';
import { zipEntries } from './zip.ts';

/** An archive to unpack. */
export interface Archive {
  readonly path: string;
  /** What the user calls it: in messages. */
  readonly name: string;
}

/** An entry of an archive; a file's content is read before the next entry is asked for. */
export interface ArchiveEntry {
  readonly name: string;
  /** Absent for what is no file: a folder, a link, a device. */
  readonly open?: () => Promise<AsyncIterable<Uint8Array>>;
}

export interface UnpackOptions {
  /** An empty folder of the caller's own; files in it get numbers for names. */
  readonly folder: string;
  readonly maxBytes?: number;
  readonly maxFiles?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks the files of a zip, a tar, or a tar in a gzip. What an entry is called is kept beside it and
 * becomes no path here; links, devices and folders are passed over, archives within are not opened.
 *
 * @throws SextantError LIMIT_EXCEEDED, VOLUME_CORRUPT, VOLUME_TRUNCATED, VOLUME_TYPE_UNSUPPORTED, CANCELLED
 */
export async function unpackArchive(
  archive: Archive,
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
        if (bytes > maxBytes) done(tooMuch(archive, `more than ${maxBytes} bytes`, 'fewer'));
        else done(null, chunk);
      },
    });
  try {
    const all = kind === 'zip' ? zipEntries(archive) : tarEntries(archive, signal);
    for await (const { name, open } of all) {
      if (signal?.aborted) throw abortError(signal);
      if (++entries > maxFiles) {
        throw tooMuch(archive, `more than ${maxFiles} files and folders`, 'fewer');
      }
      if (open === undefined) continue;
      const nameBytes = Buffer.byteLength(name);
      if (nameBytes > LONGEST_NAME_BYTES) {
        throw tooMuch(archive, `a name of ${nameBytes} bytes`, `at most ${LONGEST_NAME_BYTES}`);
      }
      const path = join(folder, String(files.length));
      const unpacked = { path, name, isRenamed: true };
      await pipeline(
        await open(),
        counted(),
        createWriteStream(unpacked.path, { flags: 'wx', mode: 0o600 }),
        { signal },
      );
      files.push(unpacked);
    }
  } catch (error) {
    throw signal?.aborted ? abortError(signal) : archiveError(error, archive, kind);
  }
  return files;
}

function tooMuch({ name }: Archive, got: string, expected: string): SextantError {
  return new SextantError('LIMIT_EXCEEDED', {
    subject: name,
    got,
    expected,
    remedy: 'part the archive into several',
  });
}

function archiveError(error: unknown, { name }: Archive, kind: 'zip' | 'tar'): unknown {
  if (error instanceof SextantError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  // What the machine says of its files is no fault of the archive.
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return error;
  return new SextantError('VOLUME_CORRUPT', {
    subject: name,
    got: `a ${kind} that is cut short or broken`,
    expected: `a whole ${kind}`,
    remedy: 'copy the archive again, or make it again',
    cause: error,
  });
}
