import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { errnoWords, SextantError, unlessAborted } from '#errors';
import { gunzip, isGzip, LARGEST_EXPANSION } from '#volume/gzip';
import { type ByteReader, fileReader, pieceReader } from './byte-reader.ts';
import { PIECE_BYTES } from './limits.ts';

/** Bytes at rest or on their way, in one piece or in many. */
export type ByteSource =
  | {
      readonly path: string;
      /** Where other files lie that a header names; undefined: in its own folder, under their names. */
      readonly beside?: ReadonlyMap<string, string> | undefined;
    }
  | { readonly bytes: Uint8Array }
  | { readonly stream: AsyncIterable<Uint8Array> };

/**
 * Opens a source, seeing by its first bytes, not by its name, whether it is compressed;
 * `raw` takes a file's bytes as they are.
 * @throws SextantError FILE_UNREADABLE
 */
export async function openSource(
  source: ByteSource,
  signal?: AbortSignal,
  { raw = false }: { raw?: boolean } = {},
): Promise<ByteReader> {
  if ('path' in source) return openFile(source.path, signal, raw);
  if ('bytes' in source) {
    const { bytes } = source;
    return openPieces(piecesOf(bytes), { start: bytes, length: bytes.length, signal });
  }
  const { start, pieces } = await peek(source.stream, signal);
  return openPieces(pieces, { start, length: Number.POSITIVE_INFINITY, signal });
}

async function openFile(
  path: string,
  signal: AbortSignal | undefined,
  raw: boolean,
): Promise<ByteReader> {
  const file = await openRegularFile(path);
  try {
    const { size } = await file.stat();
    const start = new Uint8Array(3);
    await file.read(start, 0, start.length, 0);
    if (raw || !isGzip(start)) return fileReader(file, { size, signal });
    const onClose = (): Promise<void> => file.close();
    return openPieces(piecesOfFile(file), { start, length: size, signal, onClose });
  } catch (error) {
    await file.close();
    throw unreadable(path, error);
  }
}

async function openRegularFile(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
  // A device or a pipe has no size to check a header against, and may never end.
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw unreadable(path, undefined);
}

interface PiecesOptions {
  start: Uint8Array;
  length: number;
  signal?: AbortSignal | undefined;
  onClose?: () => Promise<void>;
}

function openPieces(
  pieces: AsyncIterable<Uint8Array>,
  { start, length, ...options }: PiecesOptions,
): ByteReader {
  if (!isGzip(start)) {
    return pieceReader(pieces, { mostBytes: length, compressed: false, ...options });
  }
  const mostBytes = length * LARGEST_EXPANSION;
  return pieceReader(gunzip(pieces), { mostBytes, compressed: true, ...options });
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    yield bytes.subarray(start, start + PIECE_BYTES);
    // Nothing else here waits, and copying gigabytes would hold up everyone.
    await setImmediate();
  }
}

async function* piecesOfFile(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; ) {
    const piece = new Uint8Array(PIECE_BYTES);
    const { bytesRead } = await file.read(piece, 0, piece.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

/** The first bytes of a stream, enough to know gzip by, and the stream as if nothing was taken. */
async function peek(
  stream: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<{ start: Uint8Array; pieces: AsyncIterable<Uint8Array> }> {
  const iterator = stream[Symbol.asyncIterator]();
  const taken: Uint8Array[] = [];
  let start: Uint8Array = new Uint8Array(0);
  while (start.length < 3) {
    const next = await unlessAborted(iterator.next(), signal);
    if (next.done) break;
    taken.push(next.value);
    start = Buffer.concat([start, next.value.subarray(0, 3)]);
  }
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      yield* taken.splice(0);
      yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  }
  return { start, pieces: pieces() };
}

function unreadable(path: string, cause: unknown): SextantError {
  if (cause instanceof SextantError) return cause;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const got: Record<string, string> = {
    ENOENT: 'no such file',
    EACCES: 'a file without permission to read it',
    EISDIR: 'a folder',
  };
  return new SextantError('FILE_UNREADABLE', {
    subject: path,
    got:
      code === undefined ? 'something that is no regular file' : (got[code] ?? errnoWords(cause)),
    expected: 'a readable file',
    remedy: 'check the path and its permissions',
    cause,
  });
}
