import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { SextantError } from '#errors';
import { gunzip, gzip, isGzip, LARGEST_EXPANSION } from '#volume/gzip';

describe('gzip', () => {
  it('is known by its first bytes', () => {
    assert.ok(isGzip(gzipSync('a')));
    assert.ok(!isGzip(Uint8Array.of(0x1f, 0x8b)));
    assert.ok(!isGzip(Buffer.from('a')));
  });

  it('joins its parts into one member that others read', async () => {
    const parts = [randomBytes(3_000_000), new Uint8Array(0), randomBytes(5)];
    for (const level of [1, 6, 9]) {
      const compressed = await gzip(parts, { level });
      assert.ok(Buffer.concat(parts).equals(gunzipSync(compressed)));
    }
  });

  it('gives the same bytes for the same parts, without time or name', async () => {
    const first = await gzip([Buffer.from('mask')]);
    assert.deepEqual(first, await gzip([Buffer.from('ma'), Buffer.from('sk')]));
    assert.deepEqual([...first.subarray(3, 8)], [0, 0, 0, 0, 0]);
  });

  it('stops when the signal fires', async () => {
    const controller = new AbortController();
    const compressing = gzip([randomBytes(30_000_000)], { level: 9, signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    await assert.rejects(compressing, hasReason('CANCELLED'));
  });

  it('cannot expand by more than the limit that readers rely on', () => {
    const size = 20_000_000;
    assert.ok(size / gzipSync(new Uint8Array(size), { level: 9 }).length < LARGEST_EXPANSION);
  });
});

describe('gunzip', () => {
  it('gives back what was compressed, in pieces', async () => {
    const bytes = Buffer.concat([randomBytes(1_000_000), new Uint8Array(1_000_000)]);
    const pieces: Uint8Array[] = [];
    for await (const piece of gunzip(inPieces(gzipSync(bytes), 1000))) pieces.push(piece);
    assert.ok(bytes.equals(Buffer.concat(pieces)));
    assert.ok(pieces.length > 1);
  });

  it('stops its source when the consumer stops', async () => {
    let stopped = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield gzipSync(new Uint8Array(1_000_000));
      } finally {
        stopped = true;
      }
    }
    for await (const _ of gunzip(source())) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(stopped);
  });

  it('tells a truncated stream from a corrupt one', async () => {
    const whole = gzipSync(randomBytes(1000));
    const corrupt = Buffer.from(whole);
    corrupt[12] = (corrupt[12] ?? 0) ^ 0xff;
    await assert.rejects(
      drained(gunzip(inPieces(whole.subarray(0, 500), 99))),
      hasReason('VOLUME_TRUNCATED'),
    );
    await assert.rejects(drained(gunzip(inPieces(corrupt, 99))), hasReason('VOLUME_CORRUPT'));
  });
});

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size)
    yield bytes.subarray(start, start + size);
}

async function drained(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of pieces);
}

function hasReason(reason: string): (error: unknown) => boolean {
  return (error) => error instanceof SextantError && error.reason === reason;
}
