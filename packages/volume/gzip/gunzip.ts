import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SextantError } from '#errors';

/**
 * Bytes inflated at a time: a few levels of cache hold it, and one piece is copied or swapped in
 * well under a millisecond.
 */
const PIECE_BYTES = 256 * 1024;

/**
 * DEFLATE cannot expand by more than this (a stored match of 258 bytes in 2 bits).
 * @internal
 */
export const LARGEST_EXPANSION = 1032;

/** Whether bytes begin like a gzip member: the magic and the only method there is. */
export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b && start[2] === 0x08;
}

/**
 * Inflates a gzip stream of one or more members piece by piece, so that a consumer that stops
 * early (`break`, `return`) stops the work with it. Bytes after the last member that are no gzip
 * are ignored, as gzip itself does.
 *
 * @throws SextantError VOLUME_TRUNCATED when the stream ends early, VOLUME_CORRUPT when it is no
 *   valid DEFLATE or its checksum differs
 */
export async function* gunzip(
  compressed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const inflater = createGunzip({ chunkSize: PIECE_BYTES });
  const input = Readable.from(compressed, { highWaterMark: 2 });
  // An error of either stream destroys the inflater with it and so reaches the loop below.
  pipeline(input, inflater, () => {});
  try {
    for await (const piece of inflater) yield piece as Uint8Array;
  } catch (error) {
    throw gzipError(error);
  } finally {
    inflater.destroy();
  }
}

function gzipError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'Z_BUF_ERROR') {
    return new SextantError('VOLUME_TRUNCATED', {
      subject: 'gzip stream',
      got: 'an end in the middle of the compressed data',
      expected: 'a whole gzip file',
      remedy: 'copy or download the file again',
      cause: error,
    });
  }
  if (code === 'Z_DATA_ERROR' || code === 'Z_NEED_DICT') {
    return new SextantError('VOLUME_CORRUPT', {
      subject: 'gzip stream',
      got: (error as Error).message,
      expected: 'valid compressed data with a matching checksum',
      remedy: 'copy or download the file again',
      cause: error,
    });
  }
  return error;
}
