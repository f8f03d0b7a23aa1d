import assert from 'node:assert/strict';
import { SextantError } from '#errors';
import { chunksOf, rechunked, type StreamPart, splitStream } from './chunks.ts';
import { CHUNK_BYTES } from './limits.ts';

async function* streamOf<T>(...values: T[]): AsyncGenerator<T> {
  yield* values;
}

const header: StreamPart<string> = { part: { $case: 'header', value: 'h' } };
const chunk = (length: number): StreamPart<string> => ({
  part: { $case: 'chunk', value: new Uint8Array(length) },
});

async function read(
  messages: AsyncIterable<StreamPart<string>>,
  signal = new AbortController().signal,
) {
  const { header, chunks } = await splitStream(messages, signal);
  const lengths: number[] = [];
  for await (const piece of chunks) lengths.push(piece.length);
  return { header, lengths };
}

describe('chunk streams', () => {
  it('cut bytes without copying them', () => {
    const bytes = new Uint8Array(2 * CHUNK_BYTES + 1);
    const chunks = [...chunksOf(bytes)];
    assert.deepEqual(
      chunks.map(({ length }) => length),
      [CHUNK_BYTES, CHUNK_BYTES, 1],
    );
    assert.ok(
      chunks.every(({ buffer }) => buffer === bytes.buffer),
      'chunks are views',
    );
    assert.deepEqual([...chunksOf(new Uint8Array(0))], []);
  });

  it('cut the pieces of a stream', async () => {
    const lengths: number[] = [];
    const pieces = streamOf(new Uint8Array(3), new Uint8Array(CHUNK_BYTES + 2));
    for await (const { length } of rechunked(pieces)) lengths.push(length);
    assert.deepEqual(lengths, [3, CHUNK_BYTES, 2]);
  });

  it('are a header and then chunks', async () => {
    assert.deepEqual(await read(streamOf(header, chunk(2), chunk(3))), {
      header: 'h',
      lengths: [2, 3],
    });
  });

  const refusals: [string, StreamPart<string>[], RegExp][] = [
    ['an empty stream', [], /header: .* got no message/],
    ['a chunk first', [chunk(1)], /header: .* got chunk/],
    ['an empty message first', [{}], /header: .* got an empty message/],
    ['a second header', [header, header], /chunk: .* got another header/],
    ['an empty message later', [header, {}], /chunk: .* got an empty message/],
    ['a chunk too large', [header, chunk(CHUNK_BYTES + 1)], /at most 1048576 bytes, got 1048577/],
  ];
  for (const [name, messages, words] of refusals) {
    it(`refuse ${name}`, async () => {
      await assert.rejects(read(streamOf(...messages)), (error) => {
        assert.ok(error instanceof SextantError, String(error));
        assert.equal(error.reason, 'ARGUMENT_INVALID');
        assert.match(error.message, words);
        return true;
      });
    });
  }

  it('are never complete when the call was cancelled', async () => {
    const controller = new AbortController();
    async function* cut() {
      yield header;
      yield chunk(1);
      controller.abort();
    }
    await assert.rejects(read(cut(), controller.signal), { reason: 'CANCELLED' });
  });
});
