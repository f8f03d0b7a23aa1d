import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { Tensor } from '../lib/tensor.ts';
import { type ReadSamplesOptions, readSamples, reserveFile, type StoredSample } from './index.ts';

/** A width that is no multiple of anything, and longer than what is read at once. */
const SAMPLES = 20_011;

/** PS3.5 section 8.1.1, sample by sample. */
function reference(bytes: Buffer, sample: StoredSample): Buffer {
  const { sampleBytes, bitsStored, highBit, isSigned, isBigEndian } = sample;
  const whole = Buffer.from(bytes);
  for (let at = 0; at < whole.length; at += sampleBytes) {
    const one = whole.subarray(at, at + sampleBytes);
    if (isBigEndian) one.reverse();
    const value = BigInt(`0x${Buffer.from(one).reverse().toString('hex')}`);
    const stored = value >> BigInt(highBit + 1 - bitsStored);
    const kept = isSigned ? BigInt.asIntN(bitsStored, stored) : BigInt.asUintN(bitsStored, stored);
    const words = BigInt.asUintN(8 * sampleBytes, kept)
      .toString(16)
      .padStart(2 * sampleBytes, '0');
    one.set(Buffer.from(words, 'hex').reverse());
  }
  return whole;
}

describe('samples that lie in a file as they are', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function written(name: string, bytes: Uint8Array) {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  }

  async function read(options: Omit<ReadSamplesOptions, 'output'>): Promise<Buffer> {
    using output = Tensor.empty('uint8', [options.stretches.length * options.bytesEach]);
    await readSamples({ ...options, output });
    return Buffer.from(output.bytes());
  }

  for (const sampleBytes of [1, 2, 4, 8] as const) {
    it(`of ${8 * sampleBytes} bits: their stored bits, either byte order, two stretches of two files`, async () => {
      const bytesEach = SAMPLES * sampleBytes;
      const [a, b] = [randomBytes(2 * bytesEach + 7), randomBytes(bytesEach + 3)];
      const stretches = [
        { path: written('a', a), name: 'a', offset: 7 },
        { path: join(folder, 'a'), name: 'a', offset: 7 + bytesEach },
        { path: written('b', b), name: 'b', offset: 3 },
      ];
      const bytes = Buffer.concat([a.subarray(7), b.subarray(3)]);
      const width = 8 * sampleBytes;
      for (const [bitsStored, highBit] of [
        [width, width - 1],
        [width - 4, width - 5],
        [width - 4, width - 1],
        [5, 6],
        [1, 0],
      ] as const) {
        for (const isSigned of [false, true]) {
          for (const isBigEndian of [false, true]) {
            const sample = { sampleBytes, bitsStored, highBit, isSigned, isBigEndian };
            const got = await read({ ...sample, stretches, bytesEach });
            const told = `${bitsStored} bits up to ${highBit}, signed ${isSigned}, big ${isBigEndian}`;
            assert.ok(got.equals(reference(bytes, sample)), told);
          }
        }
      }
    });
  }

  const BYTES = {
    sampleBytes: 1,
    bitsStored: 8,
    highBit: 7,
    isSigned: false,
    isBigEndian: false,
  } as const;

  it('of a file that is shorter or gone are refused with its name', async () => {
    const path = written('short', Buffer.alloc(100));
    const stretches = [{ path, name: 'slice 7', offset: 50 }];
    await assert.rejects(read({ ...BYTES, stretches, bytesEach: 51 }), (error) => {
      assert.ok(error instanceof SextantError);
      assert.equal(error.reason, 'VOLUME_CORRUPT');
      assert.match(error.message, /slice 7.*50 bytes/);
      return true;
    });
    rmSync(path);
    await assert.rejects(read({ ...BYTES, stretches, bytesEach: 50 }), (error) => {
      assert.ok(error instanceof SextantError);
      assert.equal(error.reason, 'FILE_UNREADABLE');
      assert.match(error.message, /slice 7.*No such file/);
      return true;
    });
  });

  it('of a pipe that has taken the place of a file hold nobody up', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const stretches = [{ path, name: 'a pipe', offset: 0 }];
    await assert.rejects(read({ ...BYTES, stretches, bytesEach: 4 }), {
      reason: 'FILE_UNREADABLE',
    });
  });

  it('fit their output, or are refused before anything is read', async () => {
    using output = Tensor.empty('uint8', [7]);
    const stretches = [{ path: 'nowhere', name: 'none', offset: 0 }];
    await assert.rejects(readSamples({ ...BYTES, stretches, bytesEach: 8, output }), {
      reason: 'ARGUMENT_INVALID',
    });
    const odd = {
      ...BYTES,
      sampleBytes: 2,
      bitsStored: 16,
      highBit: 15,
      stretches,
      output,
    } as const;
    await assert.rejects(readSamples({ ...odd, bytesEach: 3 }), { reason: 'ARGUMENT_INVALID' });
    const high = { ...BYTES, highBit: 8, stretches, output };
    await assert.rejects(readSamples({ ...high, bytesEach: 4 }), { reason: 'ARGUMENT_INVALID' });
  });

  it('are not read any further for who cancels', async () => {
    const bytesEach = 2 ** 20;
    const path = written('a', Buffer.alloc(bytesEach));
    const stretches = Array.from({ length: 2000 }, () => ({ path, name: 'a', offset: 0 }));
    using output = Tensor.empty('uint8', [stretches.length * bytesEach]);
    const controller = new AbortController();
    const reading = readSamples({
      ...BYTES,
      stretches,
      bytesEach,
      output,
      signal: controller.signal,
    });
    controller.abort();
    await assert.rejects(reading, { reason: 'CANCELLED' });
  });
});

describe('room for a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is set aside, and makes the file as long', async () => {
    const descriptor = openSync(join(folder, 'a'), 'wx');
    try {
      await reserveFile({ descriptor, bytes: 3_000_001 });
      const { size, blocks } = fstatSync(descriptor);
      assert.equal(size, 3_000_001);
      assert.ok(512 * blocks >= size, `${blocks} blocks`);
    } finally {
      closeSync(descriptor);
    }
  });

  it('that there is not is an error with its code, before a byte is written', async () => {
    const descriptor = openSync(join(folder, 'a'), 'wx');
    try {
      // A pebibyte.
      const reserving = reserveFile({ descriptor, bytes: 2 ** 50 });
      await assert.rejects(reserving, (error: NodeJS.ErrnoException) => {
        assert.match(error.code ?? '', /^(ENOSPC|EFBIG)$/);
        return true;
      });
      assert.equal(fstatSync(descriptor).size, 0);
    } finally {
      closeSync(descriptor);
    }
  });

  it('is not asked for where nothing is open, or nothing is wanted', async () => {
    await assert.rejects(reserveFile({ descriptor: -1, bytes: 1 }), { reason: 'ARGUMENT_INVALID' });
    await assert.rejects(reserveFile({ descriptor: 0, bytes: 0 }), { reason: 'ARGUMENT_INVALID' });
  });
});
