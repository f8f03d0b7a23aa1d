import { SextantError } from '#errors';
import { gunzip, inflateZlib, LARGEST_EXPANSION } from '#volume/gzip';
import type { ByteReader } from './byte-reader.ts';
import { pieceReader } from './byte-reader.ts';
import { PIECE_BYTES } from './limits.ts';

/** What follows in a reader, inflated. Throws VOLUME_CORRUPT, VOLUME_TRUNCATED when it is read. */
export function inflatedReader(
  reader: ByteReader,
  { format, signal }: { format: 'zlib' | 'gzip'; signal?: AbortSignal | undefined },
): ByteReader {
  const inflate = format === 'zlib' ? inflateZlib : gunzip;
  async function* pieces(): AsyncGenerator<Uint8Array, number> {
    try {
      return (yield* inflate(piecesOf(reader))) + reader.bytesBehind;
    } catch (cause) {
      if (cause instanceof SextantError) throw cause;
      const isShort = (cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
      throw new SextantError(isShort ? 'VOLUME_TRUNCATED' : 'VOLUME_CORRUPT', {
        subject: 'compressed voxels',
        got: (cause as Error).message,
        expected: 'valid compressed data',
        remedy: 'copy or download the file again',
        cause,
      });
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
