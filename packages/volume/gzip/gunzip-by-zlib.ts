import { createInflateRaw } from 'node:zlib';
import { crc32 } from './crc32.ts';
import { corrupt, truncated } from './gzip-errors.ts';
import { inflated } from './inflate.ts';
import { Input } from './input.ts';
import { LARGEST_TRAILER_BYTES, PIECE_BYTES } from './limits.ts';

/** CRC-32 and length, of four bytes each (RFC 1952 section 2.3). */
const TRAILER_BYTES = 8;

/** Flags of a header (RFC 1952 section 2.3.1). */
const [HAS_CRC, HAS_EXTRA, HAS_NAME, HAS_COMMENT, RESERVED] = [2, 4, 8, 16, 0xe0];

/**
 * Inflates gzip by Node's zlib, a member at a time: its own gunzip takes what follows the last member for a
 * broken one. Returns how many bytes follow.
 *
 * @throws SextantError VOLUME_TRUNCATED, VOLUME_CORRUPT
 */
export async function* gunzipByZlib(
  compressed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, number> {
  const input = new Input(compressed);
  try {
    let members = 0;
    for (; await beginsMember(input); members++) {
      await skipHeader(input);
      yield* member(input);
    }
    if (members > 0) return await input.countRest(LARGEST_TRAILER_BYTES);
    throw (await input.has(2)) ? corrupt('no gzip') : truncated();
  } finally {
    input.close();
  }
}

async function beginsMember(input: Input): Promise<boolean> {
  return (await input.has(2)) && input.next[0] === 0x1f && input.next[1] === 0x8b;
}

async function skipHeader(input: Input): Promise<void> {
  const [, , method = 0, flags = 0] = await input.take(10);
  if (method !== 8) throw corrupt('another method than deflate');
  if ((flags & RESERVED) !== 0) throw corrupt('reserved flags');
  if (flags & HAS_EXTRA) await input.take((await input.take(2)).readUInt16LE(0));
  for (const text of [HAS_NAME, HAS_COMMENT]) {
    if (flags & text) while ((await input.take(1))[0] !== 0);
  }
  if (flags & HAS_CRC) await input.take(2);
}

async function* member(input: Input): AsyncGenerator<Uint8Array, void> {
  let [crc, size] = [0, 0];
  try {
    for await (const piece of inflated(input, createInflateRaw({ chunkSize: PIECE_BYTES }))) {
      crc = crc32(piece, crc);
      size += piece.length;
      yield piece;
    }
  } catch (error) {
    throw gzipError(error);
  }
  const trailer = await input.take(TRAILER_BYTES);
  if (trailer.readUInt32LE(0) !== crc) throw corrupt('incorrect data check');
  if (trailer.readUInt32LE(4) !== size % 2 ** 32) throw corrupt('incorrect length check');
}

function gzipError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'Z_BUF_ERROR') return truncated(error);
  return code === 'Z_DATA_ERROR' ? corrupt((error as Error).message, error) : error;
}
