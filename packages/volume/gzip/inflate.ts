import { createInflate, type Inflate, type InflateRaw } from 'node:zlib';
import { Input } from './input.ts';
import { LARGEST_TRAILER_BYTES, PIECE_BYTES } from './limits.ts';

/**
 * Inflates zlib (RFC 1950) piece by piece. Returns how many bytes follow it, those beyond a limit left out.
 *
 * @throws what zlib does
 */
export async function* inflateZlib(
  compressed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, number> {
  const input = new Input(compressed);
  try {
    yield* inflated(input, createInflate({ chunkSize: PIECE_BYTES }));
    return await input.countRest(LARGEST_TRAILER_BYTES);
  } finally {
    input.close();
  }
}

/** What an inflater makes of an input, of which it takes no more than it needs. */
export async function* inflated(
  input: Input,
  inflater: Inflate | InflateRaw,
): AsyncGenerator<Uint8Array, void> {
  let dropped = 0;
  const drop = () => {
    input.drop(inflater.bytesWritten - dropped);
    dropped = inflater.bytesWritten;
  };
  const feed = async () => {
    while (await input.has(1)) {
      const { next } = input;
      // Not all Node.js call back where what is compressed ends within the piece.
      await new Promise((resolve) => inflater.write(next, resolve));
      const isEnd = inflater.destroyed || inflater.bytesWritten < dropped + next.length;
      drop();
      if (isEnd) return;
    }
    inflater.end();
  };
  feed().catch((error) => inflater.destroy(error));
  try {
    for await (const piece of inflater) yield piece as Uint8Array;
    drop();
  } finally {
    inflater.destroy();
  }
}
