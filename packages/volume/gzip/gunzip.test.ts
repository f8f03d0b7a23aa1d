import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { SextantError } from '#errors';
import { gunzip, inflateZlib } from '#volume/gzip';
import { gunzipByZlib } from './gunzip-by-zlib.ts';
import { LARGEST_TRAILER_BYTES } from './limits.ts';

type Inflate = (compressed: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array, number>;

const BYTES = Buffer.concat([randomBytes(300_000), Buffer.alloc(900_000)]);

/** Extra field, name, comment and checksum of the header (RFC 1952 section 2.3.1). */
const FULL_HEADER = Buffer.concat([
  Buffer.from([0x1f, 0x8b, 8, 4 + 8 + 16, 0, 0, 0, 0, 0, 3]),
  Buffer.from([3, 0, 1, 2, 3, ...Buffer.from('name\0and a comment\0')]),
]);

for (const [how, inflate, pack] of [
  ['gzip', gunzip, gzipSync],
  ['gzip by zlib', gunzipByZlib, gzipSync],
  ['zlib', inflateZlib, deflateSync],
] as const) {
  describe(`what follows ${how}`, () => {
    it('is counted, in pieces of any size', async () => {
      for (const tail of ['', '\n', '\x1f', '\0\0\0', 'garbage', 'x'.repeat(300_000)]) {
        const stream = Buffer.concat([pack(BYTES), Buffer.from(tail, 'latin1')]);
        for (const size of [7919, 2 ** 18, stream.length]) {
          const { bytes, behind } = await drained(inflate, stream, size);
          assert.ok(bytes.equals(BYTES));
          assert.equal(behind, tail.length, `${JSON.stringify(tail.slice(0, 9))}, by ${size}`);
        }
      }
    });

    it('is counted at every place that a piece may end', async () => {
      const stream = Buffer.concat([pack(Buffer.from('voxels')), Buffer.from('\n\n\n')]);
      for (let size = 1; size <= stream.length; size++) {
        const { bytes, behind } = await drained(inflate, stream, size);
        assert.deepEqual([String(bytes), behind], ['voxels', 3], `pieces of ${size}`);
      }
    });

    it('is not followed without an end', async () => {
      async function* endless(): AsyncGenerator<Uint8Array> {
        yield pack(Buffer.from('voxels'));
        for (;;) yield Buffer.alloc(100_000, 'x');
      }
      const inflated = inflate(endless());
      assert.equal(String((await inflated.next()).value), 'voxels');
      const { done, value } = await inflated.next();
      assert.ok(done && value >= LARGEST_TRAILER_BYTES);
    });
  });
}

for (const [how, inflate] of [
  ['gzip', gunzip],
  ['gzip by zlib', gunzipByZlib],
] as const) {
  describe(`inflated ${how}`, () => {
    it('is that of all its members, whatever their headers hold', async () => {
      const named = Buffer.concat([FULL_HEADER, gzipSync('named ').subarray(10)]);
      const stream = Buffer.concat([gzipSync('first '), gzipSync(''), named, gzipSync('last')]);
      for (const size of [1, 11, 1000]) {
        const { bytes, behind } = await drained(inflate, stream, size);
        assert.deepEqual([String(bytes), behind], ['first named last', 0]);
      }
    });

    it('is refused where it is cut, or its source fails', async () => {
      const stream = gzipSync(randomBytes(100));
      for (let length = 0; length < stream.length; length++) {
        await assert.rejects(drained(inflate, stream.subarray(0, length), 50), {
          reason: 'VOLUME_TRUNCATED',
        });
      }
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield stream.subarray(0, 50);
        throw new RangeError('no more');
      }
      await assert.rejects(async () => {
        for await (const _ of inflate(failing()));
      }, RangeError);
    });

    it('is refused where it is no gzip, and with a bit turned where zlib refuses it', async () => {
      await assert.rejects(drained(inflate, Buffer.from('text'), 4), { reason: 'VOLUME_CORRUPT' });
      const whole = gzipSync('voxels and voxels and voxels');
      for (let bit = 0; bit < 8 * whole.length; bit++) {
        const turned = Buffer.from(whole);
        turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.equal(await outcome(inflate, turned), zlibOutcome(turned), `bit ${bit}`);
      }
    });
  });
}

async function drained(inflate: Inflate, stream: Buffer, size: number) {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < stream.length; at += size) yield stream.subarray(at, at + size);
  }
  const inflated = inflate(pieces());
  const all: Uint8Array[] = [];
  let next = await inflated.next();
  for (; !next.done; next = await inflated.next()) all.push(next.value);
  return { bytes: Buffer.concat(all), behind: next.value };
}

async function outcome(inflate: Inflate, stream: Buffer): Promise<string> {
  try {
    return String((await drained(inflate, stream, 9)).bytes);
  } catch (error) {
    assert.ok(error instanceof SextantError, String(error));
    return 'refused';
  }
}

function zlibOutcome(stream: Buffer): string {
  try {
    return String(gunzipSync(stream));
  } catch {
    return 'refused';
  }
}
