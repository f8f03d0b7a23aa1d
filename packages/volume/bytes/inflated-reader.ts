import { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { SextantError } from '#errors';
import { LARGEST_EXPANSION } from '#volume/gzip';
import type { ByteReader } from './byte-reader.ts';
import { pieceReader } from './byte-reader.ts';
import { PIECE_BYTES } from './limits.ts';

/** What follows in a reader, inflated. Throws VOLUME_CORRUPT, VOLUME_TRUNCATED when it is read. */
export function inflatedReader(
  reader: ByteReader,
  { format, signal }: { format: 'zlib' | 'gzip'; signal?: AbortSignal | undefined },
): ByteReader {
  const inflater = (format === 'zlib' ? createInflate : createGunzip)({ chunkSize: PIECE_BYTES });
  const input = Readable.from(piecesOf(reader), { highWaterMark: 1 });
  input.on('error', (error) => inflater.destroy(error));
  async function* pieces(): AsyncGenerator<Uint8Array, void> {
    try {
      for await (const piece of input.pipe(inflater)) yield piece as Uint8Array;
    } catch (cause) {
      const isShort = (cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
      if (cause instanceof SextantError) throw cause;
      throw new SextantError(isShort ? 'VOLUME_TRUNCATED' : 'VOLUME_CORRUPT', {
        subject: 'compressed voxels',
        got: (cause as Error).message,
        expected: 'valid compressed data',
        remedy: 'copy or download the file again',
        cause,
      });
    } finally {
      input.destroy();
      inflater.destroy();
    }
  }
  return pieceReader(pieces(), {
    mostBytes: reader.mostBytes * LARGEST_EXPANSION,
    compressed: true,
    signal,
    onClose: () => reader.close(),
  });
}

async function* piecesOf(reader: ByteReader): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const piece = new Uint8Array(PIECE_BYTES);
    const got = await reader.fill(piece);
    if (got > 0) yield piece.subarray(0, got);
    if (got < piece.length) return;
  }
}
