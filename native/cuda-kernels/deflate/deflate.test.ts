import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { constants, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import { SextantError } from '#errors';
import { deflateBlock, hasFastDeflate, Inflater } from './index.ts';

/** A last block that is empty and stored (RFC 1951 section 3.2.4). */
const LAST_BLOCK = Uint8Array.of(1, 0, 0, 0xff, 0xff);

const INPUTS: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  'one byte': Buffer.from([7]),
  'what does not compress': randomBytes(300_001),
  'a stored block and a byte more': randomBytes(65_536),
  zeros: Buffer.alloc(1_000_003),
  'values of twelve bits': Buffer.from(
    randomBytes(400_000).map((byte, n) => (n % 2 === 0 ? byte : byte & 15)),
  ),
};

function needsIsal(this: Mocha.Context): void {
  if (hasFastDeflate()) return;
  const why = 'ISA-L is not here (Debian: libisal-dev, then npm run build:addon)';
  if (process.env.CI === 'true') assert.fail(why);
  console.log(`      SKIPPED: ${why}`);
  this.skip();
}

describe('a deflated block', () => {
  before(needsIsal);

  for (const [name, input] of Object.entries(INPUTS)) {
    it(`ends at a whole byte, and needs nothing before it: ${name}`, async () => {
      for (const level of [1, 2, 3] as const) {
        const { bytes } = await deflateBlock({ input, level });
        assert.ok(
          inflateRawSync(Buffer.concat([bytes, bytes, LAST_BLOCK])).equals(
            Buffer.concat([input, input]),
          ),
        );
      }
    });
  }

  it('has the checksum of its input', async () => {
    const { crc } = await deflateBlock({ input: Buffer.from('123456789'), level: 1 });
    assert.equal(crc, 0xcbf43926);
  });

  it('does not read its input once the call has been made', async () => {
    const input = Buffer.alloc(100_000, 'a');
    const making = deflateBlock({ input, level: 2 });
    input.fill('b');
    const inflated = inflateRawSync(Buffer.concat([(await making).bytes, LAST_BLOCK]));
    assert.ok(inflated.equals(Buffer.alloc(100_000, 'a')));
  });

  it('refuses levels and sizes that it does not have, and a signal that has fired', async () => {
    const input = Buffer.from('a');
    const refused = (reason: string) => (error: unknown) =>
      error instanceof SextantError && error.reason === reason;
    await assert.rejects(deflateBlock({ input, level: 4 as 3 }), refused('ARGUMENT_INVALID'));
    await assert.rejects(
      deflateBlock({ input: Buffer.alloc((16 << 20) + 1), level: 1 }),
      refused('ARGUMENT_INVALID'),
    );
    const signal = AbortSignal.abort();
    await assert.rejects(deflateBlock({ input, level: 1, signal }), refused('CANCELLED'));
  });
});

describe('an inflated stream', () => {
  before(needsIsal);

  /** What comes of a stream in pieces of so many bytes, and whether it was whole. */
  async function inflated(stream: Buffer, pieceBytes: number) {
    const inflater = new Inflater();
    const pieces: Uint8Array[] = [];
    let isWhole = false;
    for (let at = 0; at < stream.length; at += pieceBytes) {
      let piece = await inflater.next(stream.subarray(at, at + pieceBytes));
      pieces.push(piece.bytes);
      while (piece.hasMore) {
        piece = await inflater.next();
        pieces.push(piece.bytes);
      }
      isWhole = piece.isWhole;
    }
    return { bytes: Buffer.concat(pieces), isWhole };
  }

  for (const [name, input] of Object.entries(INPUTS)) {
    it(`is what was compressed, at every level, in pieces of any size: ${name}`, async () => {
      for (const level of [0, 1, 6, 9]) {
        const stream = gzipSync(input, { level });
        for (const pieceBytes of stream.length < 3000 ? [1, 7, 3000] : [4099, 2 ** 18]) {
          const { bytes, isWhole } = await inflated(stream, pieceBytes);
          assert.ok(bytes.equals(input), `level ${level}, pieces of ${pieceBytes}`);
          assert.ok(isWhole);
        }
      }
    });
  }

  it('has fixed and dynamic codes, and a header with everything in it', async () => {
    const input = Buffer.from('abcabcabc'.repeat(100));
    const fixed = gzipSync(input, { strategy: constants.Z_FIXED });
    assert.ok((await inflated(fixed, 3)).bytes.equals(input));
    // Flags: extra field, name, comment (RFC 1952 section 2.3.1).
    const head = Buffer.from([0x1f, 0x8b, 8, 4 + 8 + 16, 0, 0, 0, 0, 0, 3]);
    const fields = Buffer.from([3, 0, 1, 2, 3, ...Buffer.from('name\0and a comment\0')]);
    const named = Buffer.concat([head, fields, gzipSync(input).subarray(10)]);
    for (const pieceBytes of [1, 5, 1000]) {
      assert.ok((await inflated(named, pieceBytes)).bytes.equals(input));
    }
  });

  it('goes on with the next member, and passes over what is none', async () => {
    const members = Buffer.concat([gzipSync('first '), gzipSync(''), gzipSync('last')]);
    for (const behind of ['', '\0\0\0', '\x1f', '\x1f\x8c', 'text']) {
      const stream = Buffer.concat([members, Buffer.from(behind, 'latin1')]);
      for (const pieceBytes of [1, 2, 11, 1000]) {
        const { bytes, isWhole } = await inflated(stream, pieceBytes);
        assert.equal(String(bytes), 'first last', JSON.stringify([behind, pieceBytes]));
        assert.ok(isWhole);
      }
    }
  });

  it('gives a megabyte at a time, however much a piece inflates to', async () => {
    const inflater = new Inflater();
    const size = 50_000_000;
    let piece = await inflater.next(gzipSync(Buffer.alloc(size), { level: 9 }));
    let got = piece.bytes.length;
    while (piece.hasMore) {
      piece = await inflater.next();
      assert.ok(piece.bytes.length <= 2 ** 20);
      got += piece.bytes.length;
    }
    assert.equal(got, size);
  });

  it('is not whole anywhere before its end', async () => {
    const stream = gzipSync(randomBytes(200));
    for (let length = 1; length < stream.length; length++) {
      const { isWhole } = await inflated(stream.subarray(0, length), 1000);
      assert.equal(isWhole, false, `${length} of ${stream.length} bytes`);
    }
  });

  it('is refused with a bit turned where zlib refuses it, and is else the same', async () => {
    const stream = gzipSync(INPUTS['values of twelve bits'] ?? '').subarray(0, 100_000);
    const whole = gzipSync(randomBytes(300), { level: 1 });
    let refused = 0;
    for (let bit = 0; bit < 8 * whole.length; bit += 3) {
      const turned = Buffer.from(whole);
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const [ours, zlibs] = [await outcome(turned), zlibOutcome(turned)];
      assert.deepEqual(ours, zlibs, `bit ${bit}`);
      if (zlibs === 'refused') refused++;
    }
    assert.ok(refused > 100);
    // Of a long one the same, without zlib beside it: nothing but an error or bytes.
    for (let n = 0; n < 200; n++) {
      const turned = Buffer.from(stream);
      turned[20 + n * 499] = (n * 37) & 255;
      await outcome(turned);
    }
  });

  async function outcome(stream: Buffer): Promise<string> {
    try {
      const { bytes, isWhole } = await inflated(stream, 100);
      return isWhole ? bytes.toString('hex') : 'refused';
    } catch (error) {
      assert.ok(error instanceof SextantError && error.reason === 'VOLUME_CORRUPT', String(error));
      return 'refused';
    }
  }

  function zlibOutcome(stream: Buffer): string {
    try {
      return gunzipSync(stream).toString('hex');
    } catch {
      return 'refused';
    }
  }
});
