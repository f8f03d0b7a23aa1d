import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { gunzipSync as fflateGunzip } from 'fflate';
import { SextantError } from '#errors';
import { hasFastDeflate } from '#kernels';
import { type Backend, gzipPieces } from '#volume/gzip';
import { crc32, crc32Combine } from './crc32.ts';

/** Values like a scanner's: some structure, some noise. */
function imageLike(bytes: number): Buffer {
  const noise = randomBytes(bytes);
  return Buffer.from(noise.map((byte, n) => (n % 2 === 0 ? byte & 15 : (n >>> 12) & 3)));
}

const INPUTS: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  'one byte': Buffer.from([7]),
  'one block': Buffer.alloc(512 * 1024, 'block'),
  'a block and a byte': Buffer.alloc(512 * 1024 + 1, 'b'),
  'what does not compress': randomBytes(1_300_000),
  'an image': imageLike(3_000_001),
};

/** Each opens a file in its own way, and fails when anything follows the one member. */
const READERS: Readonly<Record<string, (packed: Buffer) => Promise<Uint8Array> | Uint8Array>> = {
  'Node.js': (packed) => gunzipSync(packed),
  fflate: (packed) => fflateGunzip(packed),
  gzip: (packed) => output('gzip', ['-dc'], packed),
  'one member of Python': (packed) =>
    output(
      '/usr/bin/python3',
      [
        '-c',
        'import sys,zlib\nd=zlib.decompressobj(31)\nout=d.decompress(sys.stdin.buffer.read())\nassert d.eof and not d.unused_data\nsys.stdout.buffer.write(out)',
      ],
      packed,
    ),
  'a browser': async (packed) => {
    const stream = new Blob([new Uint8Array(packed)])
      .stream()
      .pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  },
};

for (const backend of ['isal', 'zlib'] as const) {
  describe(`gzip in parallel, by ${backend}`, function () {
    this.timeout(20_000);

    before(function () {
      if (backend === 'zlib' || hasFastDeflate()) return;
      const why = 'ISA-L is not here (Debian: libisal-dev, then npm run build:addon)';
      if (process.env.CI === 'true') assert.fail(why);
      console.log(`      SKIPPED: ${why}`);
      this.skip();
    });

    for (const [name, input] of Object.entries(INPUTS)) {
      it(`is one member that every reader opens: ${name}`, async () => {
        const packed = await packedIn(input, 100_000, { backend });
        for (const [reader, read] of Object.entries(READERS)) {
          assert.ok(input.equals(Buffer.from(await read(packed))), reader);
        }
      });
    }

    it('gives the same bytes however the parts are cut', async () => {
      const input = imageLike(2_000_003);
      const once = await packedIn(input, input.length, { backend });
      assert.deepEqual(await packedIn(input, 77_777, { backend }), once);
    });

    it('stops when the signal fires', async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 5);
      await assert.rejects(
        packedIn(imageLike(30_000_000), 1 << 20, { backend, signal: controller.signal }),
        (error) => error instanceof SextantError && error.reason === 'CANCELLED',
      );
    });

    it('passes on what its parts throw', async () => {
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield imageLike(2_000_000);
        throw new RangeError('no more');
      }
      await assert.rejects(drained(gzipPieces(failing(), { backend })), RangeError);
    });
  });
}

describe('gzip in parallel', () => {
  it('gets smaller with the level', async () => {
    const input = imageLike(3_000_000);
    const [fast, small] = [
      await packedIn(input, 1 << 20, { level: 1 }),
      await packedIn(input, 1 << 20, { level: 9 }),
    ];
    assert.ok(small.length < fast.length, `${small.length} and ${fast.length}`);
    assert.ok(fast.length < 1.1 * gzipSync(input, { level: 6 }).length);
  });

  it('combines checksums', () => {
    const [a, b] = [randomBytes(1000), randomBytes(77_777)];
    assert.equal(crc32Combine(crc32(a), crc32(b), b.length), crc32(Buffer.concat([a, b])));
    assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
    assert.equal(crc32Combine(crc32(a), 0, 0), crc32(a));
    assert.equal(crc32(b, crc32(a)), crc32(Buffer.concat([a, b])));
  });
});

async function packedIn(
  input: Buffer,
  partBytes: number,
  options: { backend?: Backend; level?: number; signal?: AbortSignal },
): Promise<Buffer> {
  async function* parts(): AsyncGenerator<Uint8Array> {
    // One memory for all parts, as those who give voxels have it.
    const memory = Buffer.alloc(partBytes);
    for (let at = 0; at < input.length; at += partBytes) {
      const count = input.copy(memory, 0, at, at + partBytes);
      yield memory.subarray(0, count);
    }
  }
  return await drained(gzipPieces(parts(), options));
}

async function drained(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}

function output(command: string, args: readonly string[], input: Buffer): Buffer {
  const { status, stdout, stderr } = spawnSync(command, args, { input, maxBuffer: 1 << 28 });
  assert.equal(status, 0, stderr.toString());
  return stdout;
}
