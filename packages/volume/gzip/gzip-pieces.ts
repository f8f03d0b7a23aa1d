import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { abortError } from '#errors';
import type { GzipOptions } from './gzip.ts';

/** Bytes of output in one piece. */
const PIECE_BYTES = 256 * 1024;

/** One gzip member of what comes, compressed as it comes. Throws CANCELLED. */
export async function* gzipPieces(
  parts: AsyncIterable<Uint8Array>,
  { level = 1, signal }: GzipOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const compressor = createGzip({ level, chunkSize: PIECE_BYTES });
  const copied = (async function* () {
    // The compressor keeps what it is given; the giver uses its memory again.
    for await (const part of parts) yield Buffer.from(part);
  })();
  const input = Readable.from(copied, { highWaterMark: 1 });
  input.on('error', (error) => compressor.destroy(error));
  const abort = () => compressor.destroy();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for await (const piece of input.pipe(compressor)) yield piece as Uint8Array;
  } catch (error) {
    throw signal?.aborted ? abortError(signal) : error;
  } finally {
    signal?.removeEventListener('abort', abort);
    input.destroy();
    compressor.destroy();
  }
  if (signal?.aborted) throw abortError(signal);
}
