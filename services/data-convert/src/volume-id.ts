import { createHash } from 'node:crypto';

/**
 * The id of a volume that conversion made: SHA-256 of its canonical NIfTI (NIfTI-1, little endian, fixed header
 * fields, not compressed), as `outputFiles` with format .nii writes it. Gives the pieces on as it hears them.
 */
export function volumeIdOf(pieces: AsyncIterable<Uint8Array>): {
  pieces: AsyncIterable<Uint8Array>;
  id: () => string;
} {
  const hash = createHash('sha256');
  async function* heard(): AsyncGenerator<Uint8Array, void> {
    for await (const piece of pieces) {
      hash.update(piece);
      yield piece;
    }
  }
  return { pieces: heard(), id: () => hash.digest('hex') };
}
