import { abortError, SextantError, unlessAborted } from '#errors';
import { CHUNK_BYTES } from './limits.ts';

/** The bytes as views of at most `CHUNK_BYTES`, without copies. Empty bytes make no chunk. */
export function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    yield bytes.subarray(start, start + CHUNK_BYTES);
  }
}

/** The same bytes in chunks of at most `CHUNK_BYTES`: a file's reads are of any size. */
export async function* rechunked(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield* chunksOf(piece);
}

/** One message of a stream that is a header and then chunks, as ts-proto shapes a oneof. */
export type StreamPart<H> = {
  part?: { $case: 'header'; value: H } | { $case: 'chunk'; value: Uint8Array } | undefined;
};

/**
 * Splits a stream whose first message is its header and whose others are chunks. The chunks are
 * read as they are asked for, so that back-pressure reaches the sender. A stream that was cut ends
 * in an error, never as if it were complete.
 */
export async function splitStream<H>(
  messages: AsyncIterable<StreamPart<H>>,
  signal: AbortSignal,
): Promise<{ header: H; chunks: AsyncIterable<Uint8Array> }> {
  const iterator = messages[Symbol.asyncIterator]();
  const first = await unlessAborted(iterator.next(), signal);
  if (signal.aborted) throw abortError(signal);
  if (first.done === true || first.value.part?.$case !== 'header') {
    const got =
      first.done === true ? 'no message' : (first.value.part?.$case ?? 'an empty message');
    throw misplaced('header', got, 'the header as the first message');
  }
  return { header: first.value.part.value, chunks: chunksFrom(iterator, signal) };
}

async function* chunksFrom<H>(
  iterator: AsyncIterator<StreamPart<H>>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { done, value } = await unlessAborted(iterator.next(), signal);
    // The library ends a cancelled stream like a complete one.
    if (signal.aborted) throw abortError(signal);
    if (done === true) return;
    if (value.part?.$case !== 'chunk') {
      const got = value.part === undefined ? 'an empty message' : 'another header';
      throw misplaced('chunk', got, 'chunks after the first message');
    }
    const chunk = value.part.value;
    if (chunk.length > CHUNK_BYTES) {
      throw misplaced('chunk', `${chunk.length} bytes`, `at most ${CHUNK_BYTES} bytes`);
    }
    yield chunk;
  }
}

function misplaced(subject: string, got: string, expected: string): SextantError {
  return new SextantError('ARGUMENT_INVALID', { subject, got, expected });
}
