import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { abortError } from '#errors';

/** Bytes handed to the compressor at a time, so that a signal stops it soon. */
const PIECE_BYTES = 1024 * 1024;

export interface GzipOptions {
  /** 1 (fastest, the default: masks are nearly all zeros) to 9. */
  level?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * One gzip member of the parts laid end to end, off the event loop. Its header holds no time and
 * no name, so that the same bytes give the same file.
 *
 * @throws SextantError CANCELLED
 */
export async function gzip(
  parts: readonly Uint8Array[],
  { level = 1, signal }: GzipOptions = {},
): Promise<Uint8Array> {
  const compressed: Uint8Array[] = [];
  try {
    await pipeline(
      Readable.from(pieces(parts), { highWaterMark: 2 }),
      createGzip({ level, chunkSize: PIECE_BYTES }),
      async (output: AsyncIterable<Uint8Array>) => {
        for await (const piece of output) compressed.push(piece);
      },
      { signal },
    );
  } catch (error) {
    throw signal?.aborted ? abortError(signal) : error;
  }
  return Buffer.concat(compressed);
}

function* pieces(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const part of parts) {
    for (let start = 0; start < part.length; start += PIECE_BYTES) {
      yield part.subarray(start, start + PIECE_BYTES);
    }
  }
}
