import { type FileHandle, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type InputFile,
  LARGEST_UNPACKED_BYTES,
  LONGEST_NAME_BYTES,
  MOST_FILES,
  unpackArchive,
} from '#conversion';
import { abortError, SextantError, unlessAborted } from '#errors';
import { temporaryFolder } from '#host';
import type { ConvertHeader, ConvertRequest } from '#proto/sextant/v1/conversion';
import { CHUNK_BYTES } from '#rpc';
import { imageKindOf } from '#volume';

/** What was streamed in, on disk under numbers; only its names are the caller's. */
export interface Spooled {
  readonly header: ConvertHeader;
  readonly files: readonly InputFile[];
}

/** Owns a private folder for the time of `work`. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder('convert');
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Writes the files of a request stream into `folder`; a zip or tar among them is unpacked there. Throws
 * ARGUMENT_INVALID for a stream out of order, LIMIT_EXCEEDED, CANCELLED.
 */
export async function spool(
  requests: AsyncIterable<ConvertRequest>,
  folder: string,
  { signal, onBytes }: { signal: AbortSignal; onBytes: (bytes: number, total: number) => void },
): Promise<Spooled> {
  const files: InputFile[] = [];
  let header: ConvertHeader | undefined;
  let writing: FileHandle | undefined;
  let bytes = 0;
  const iterator = requests[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await unlessAborted(iterator.next(), signal);
      // The library ends a cancelled stream like a complete one.
      if (signal.aborted) throw abortError(signal);
      if (done === true) break;
      const { part } = value;
      if (header === undefined) {
        if (part?.$case !== 'header') throw misplaced(part?.$case, 'the header first');
        header = part.value;
      } else if (part?.$case === 'file') {
        if (files.length >= MOST_FILES) throw tooMuch(`more than ${MOST_FILES} files`);
        await writing?.close();
        const path = join(folder, String(files.length));
        writing = await open(path, 'wx', 0o600);
        files.push({ path, name: nameOf(part.value.name, files.length), isRenamed: true });
      } else if (part?.$case === 'chunk' && writing !== undefined) {
        bytes += part.value.length;
        if (bytes > LARGEST_UNPACKED_BYTES)
          throw tooMuch(`more than ${LARGEST_UNPACKED_BYTES} bytes`);
        if (part.value.length > CHUNK_BYTES) {
          throw misplaced(`chunk of ${part.value.length} bytes`, `at most ${CHUNK_BYTES} bytes`);
        }
        // write() may write a part; this writes all of it, behind what is there.
        await writing.writeFile(part.value);
        onBytes(bytes, header.totalBytes);
      } else throw misplaced(part?.$case, 'a file, and then its chunks');
    }
  } finally {
    await writing?.close();
  }
  if (header === undefined) throw misplaced('no message', 'the header first');
  onBytes(bytes, bytes);
  return { header, files: await unpacked(files, folder, signal) };
}

async function unpacked(
  files: readonly InputFile[],
  folder: string,
  signal: AbortSignal,
): Promise<InputFile[]> {
  const all: InputFile[] = [];
  // All archives of a call share its bounds: each alone within them would fill the disk together.
  let [bytes, count] = [0, files.length];
  for (const { path } of files) bytes += (await stat(path)).size;
  for (const file of files) {
    const kind = (await imageKindOf(file.path))?.kind;
    if (kind !== 'zip' && kind !== 'tar') all.push(file);
    else {
      const own = await mkdtemp(join(folder, 'unpacked-'));
      const maxBytes = LARGEST_UNPACKED_BYTES - bytes;
      const maxFiles = MOST_FILES - count;
      const within = { folder: own, maxBytes, maxFiles, signal };
      const inside = await unpackArchive(file, kind, within);
      count += inside.length;
      for (const { path } of inside) bytes += (await stat(path)).size;
      all.push(...inside);
    }
  }
  return all;
}

function nameOf(name: string, number: number): string {
  if (Buffer.byteLength(name) > LONGEST_NAME_BYTES) {
    throw tooMuch(`a name of ${Buffer.byteLength(name)} bytes`);
  }
  return name === '' ? `file ${number + 1}` : name;
}

function misplaced(got: string | undefined, expected: string): SextantError {
  return new SextantError('ARGUMENT_INVALID', {
    subject: 'request',
    got: got ?? 'an empty message',
    expected,
  });
}

function tooMuch(got: string): SextantError {
  return new SextantError('LIMIT_EXCEEDED', {
    subject: 'files',
    got,
    expected: `at most ${MOST_FILES} files, ${LARGEST_UNPACKED_BYTES} bytes and names of ${LONGEST_NAME_BYTES} bytes`,
    remedy: 'convert in several calls',
  });
}
