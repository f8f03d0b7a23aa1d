import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SextantError } from '#errors';
import { hasFastDeflate, type InflatedPiece, Inflater } from '#kernels';

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
 * are ignored, as gzip itself does. By ISA-L where it is, else by Node's zlib.
 *
 * @throws SextantError VOLUME_TRUNCATED when the stream ends early, VOLUME_CORRUPT when it is no
 *   valid DEFLATE or its checksum differs
 */
export function gunzip(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  return hasFastDeflate() ? gunzipByIsal(compressed) : gunzipByZlib(compressed);
}

/** The next piece is inflated while the consumer has the last one. */
async function* gunzipByIsal(
  compressed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const inflated = inflatedPieces(compressed);
  let ahead = inflated.next();
  try {
    for (let piece = await ahead; !piece.done; piece = await ahead) {
      ahead = inflated.next();
      // Who stops early does not hear of it.
      ahead.catch(() => {});
      yield piece.value;
    }
  } finally {
    void inflated.return().catch(() => {});
  }
}

async function* inflatedPieces(
  compressed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const inflater = new Inflater();
  let isWhole = false;
  for await (const piece of compressed) {
    for (let at = 0; at < piece.length; at += PIECE_BYTES) {
      let input: Uint8Array | undefined = piece.subarray(at, at + PIECE_BYTES);
      for (let hasMore = true; hasMore; input = undefined) {
        const inflated: InflatedPiece = await inflater.next(input).catch((error) => {
          throw corrupt((error as SextantError).got ?? '', error);
        });
        ({ hasMore, isWhole } = inflated);
        if (inflated.bytes.length > 0) yield inflated.bytes;
      }
    }
  }
  if (!isWhole) throw truncated();
}

async function* gunzipByZlib(
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
  if (code === 'Z_BUF_ERROR') return truncated(error);
  const isCorrupt = code === 'Z_DATA_ERROR' || code === 'Z_NEED_DICT';
  return isCorrupt ? corrupt((error as Error).message, error) : error;
}

function truncated(cause?: unknown): SextantError {
  return new SextantError('VOLUME_TRUNCATED', {
    subject: 'gzip stream',
    got: 'an end in the middle of the compressed data',
    expected: 'a whole gzip file',
    remedy: 'copy or download the file again',
    cause,
  });
}

function corrupt(got: string, cause: unknown): SextantError {
  return new SextantError('VOLUME_CORRUPT', {
    subject: 'gzip stream',
    got,
    expected: 'valid compressed data with a matching checksum',
    remedy: 'copy or download the file again',
    cause,
  });
}
