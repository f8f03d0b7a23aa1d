import { availableParallelism } from 'node:os';
import { abortError } from '#errors';
import { type Backend, backendFor, type CompressedBlock, compressorOf } from './blocks.ts';
import { crc32Combine } from './crc32.ts';

export interface GzipPiecesOptions {
  /** 1 (fastest) to 9; default 2: a few per cent larger than 6, at many times its speed. */
  readonly level?: number | undefined;
  /** For tests; default what is fastest for the level. */
  readonly backend?: Backend | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Blocks of this size are compressed on their own: the same whatever the threads and the pieces. */
const BLOCK_BYTES = 512 * 1024;

const DEFAULT_LEVEL = 2;

/** Deflate, no flags, no time, no extra flags, Unix (RFC 1952 section 2.3). */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3);

/** A last block that is empty and stored (RFC 1951 section 3.2.4). */
const LAST_BLOCK = Uint8Array.of(1, 0, 0, 0xff, 0xff);

/**
 * One gzip member of what comes, several blocks of it compressed at once; the same bytes for the same input,
 * level and backend. A few blocks are in memory.
 *
 * @throws SextantError CANCELLED, and what the parts throw
 */
export async function* gzipPieces(
  parts: AsyncIterable<Uint8Array>,
  { level = DEFAULT_LEVEL, backend = backendFor(level), signal }: GzipPiecesOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const compress = compressorOf(backend, level);
  const ahead = availableParallelism() + 2;
  const running: { bytes: number; block: Promise<CompressedBlock> }[] = [];
  let crc = 0;
  let total = 0;
  const take = async ({ bytes, block }: (typeof running)[number]) => {
    const compressed = await block;
    crc = crc32Combine(crc, compressed.crc, bytes);
    total += bytes;
    return compressed.bytes;
  };
  yield HEADER;
  for await (const block of blocksOf(parts)) {
    if (signal?.aborted) throw abortError(signal);
    const compressing = compress(block, signal);
    // It is heard where it is awaited, which may be after another has failed.
    compressing.catch(() => undefined);
    running.push({ bytes: block.length, block: compressing });
    const next = running.length > ahead ? running.shift() : undefined;
    if (next !== undefined) yield await take(next);
  }
  for (let next = running.shift(); next !== undefined; next = running.shift())
    yield await take(next);
  if (signal?.aborted) throw abortError(signal);
  const end = Buffer.alloc(LAST_BLOCK.length + 8);
  end.set(LAST_BLOCK);
  end.writeUInt32LE(crc, LAST_BLOCK.length);
  end.writeUInt32LE(total % 2 ** 32, LAST_BLOCK.length + 4);
  yield end;
}

/** Blocks of one size, whatever the sizes of the parts. Each has memory of its own. */
async function* blocksOf(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let filled = 0;
  for await (const part of parts) {
    for (let at = 0; at < part.length; ) {
      const count = Math.min(part.length - at, BLOCK_BYTES - filled);
      block.set(part.subarray(at, at + count), filled);
      at += count;
      filled += count;
      if (filled < BLOCK_BYTES) continue;
      yield block;
      block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
