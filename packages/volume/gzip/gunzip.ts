import type { SextantError } from '#errors';
import { hasFastDeflate, type InflatedPiece, Inflater } from '#kernels';
import { gunzipByZlib } from './gunzip-by-zlib.ts';
import { corrupt, truncated } from './gzip-errors.ts';
import { LARGEST_TRAILER_BYTES, PIECE_BYTES } from './limits.ts';

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
 * are ignored, as gzip itself does; what it returns at its end is their count. By ISA-L where it is,
 * else by Node's zlib.
 *
 * @throws SextantError VOLUME_TRUNCATED when the stream ends early, VOLUME_CORRUPT when it is no
 *   valid DEFLATE or its checksum differs
 */
export function gunzip(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, number> {
  return hasFastDeflate() ? gunzipByIsal(compressed) : gunzipByZlib(compressed);
}

/** The next piece is inflated while the consumer has the last one. */
async function* gunzipByIsal(
  compressed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, number> {
  const inflated = inflatedPieces(compressed);
  let ahead = inflated.next();
  try {
    let piece = await ahead;
    for (; !piece.done; piece = await ahead) {
      ahead = inflated.next();
      // Who stops early does not hear of it.
      ahead.catch(() => {});
      yield piece.value;
    }
    return piece.value;
  } finally {
    void inflated.return(0).catch(() => {});
  }
}

async function* inflatedPieces(
  compressed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, number> {
  const inflater = new Inflater();
  let isWhole = false;
  let bytesBehind = 0;
  for await (const piece of compressed) {
    for (let at = 0; at < piece.length; at += PIECE_BYTES) {
      let input: Uint8Array | undefined = piece.subarray(at, at + PIECE_BYTES);
      for (let hasMore = true; hasMore; input = undefined) {
        const inflated: InflatedPiece = await inflater.next(input).catch((error) => {
          throw corrupt((error as SextantError).got ?? '', error);
        });
        ({ hasMore, isWhole, bytesBehind } = inflated);
        if (inflated.bytes.length > 0) yield inflated.bytes;
      }
    }
    if (bytesBehind >= LARGEST_TRAILER_BYTES) break;
  }
  if (isWhole) return bytesBehind;
  throw bytesBehind > 0 ? corrupt('no gzip') : truncated();
}
