import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { SextantError } from '#errors';
import { deflateBlock, hasFastDeflate } from './index.ts';

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

describe('a deflated block', () => {
  before(function () {
    if (hasFastDeflate()) return;
    const why = 'ISA-L is not here (Debian: libisal-dev, then npm run build:addon)';
    if (process.env.CI === 'true') assert.fail(why);
    console.log(`      SKIPPED: ${why}`);
    this.skip();
  });

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
