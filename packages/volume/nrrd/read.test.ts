import assert from 'node:assert/strict';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { readNrrd } from './index.ts';

const bytesOf = (fields: readonly string[], data: Uint8Array | string) => ({
  bytes: Buffer.concat([
    Buffer.from(`NRRD0004\n${fields.join('\n')}\n\n`),
    typeof data === 'string' ? Buffer.from(data) : data,
  ]),
});

const GRID = [
  'dimension: 3',
  'sizes: 2 1 2',
  'space: RAS',
  'space directions: (1,0,0) (0,1,0) (0,0,1)',
];
const ascii = (type: string, text: string) =>
  readNrrd(bytesOf([`type: ${type}`, ...GRID, 'encoding: ascii'], text));

describe('an NRRD of text', () => {
  for (const [type, text, expected] of [
    ['short', '-32768 32767 +5\n0', [-32768, 32767, 5, 0]],
    ['uchar', '0,255 1\t2', [0, 255, 1, 2]],
    ['uint', '4294967295 0 1 2', [4294967295, 0, 1, 2]],
    [
      'longlong',
      '-9223372036854775808 9223372036854775807 1 0',
      [-(2n ** 63n), 2n ** 63n - 1n, 1n, 0n],
    ],
    ['ulonglong', '18446744073709551615 0 1 2', [2n ** 64n - 1n, 0n, 1n, 2n]],
    ['double', '1.5 -inf .25 1e-3', [1.5, Number.NEGATIVE_INFINITY, 0.25, 0.001]],
  ] as const) {
    it(`holds ${type}`, async () => {
      using volume = await ascii(type, text);
      // The file's order is first axis fastest.
      const [a, b, c, d] = expected;
      assert.deepEqual([...volume.voxels.toArray()], [a, c, b, d]);
    });
  }

  for (const [type, word] of [
    ['short', '70000'],
    ['uchar', '-1'],
    ['longlong', '1.5'],
    ['int', '1e3'],
    ['int', 'nan'],
    ['ulonglong', '18446744073709551616'],
    ['double', 'one'],
  ] as const) {
    it(`names a number that ${type} does not hold: ${word}`, async () => {
      await assert.rejects(ascii(type, `1 ${word} 2 3`), {
        reason: 'VOLUME_CORRUPT',
        got: JSON.stringify(word),
      });
    });
  }
});

describe('an NRRD in a gzip', () => {
  const side = 96;
  const voxels = new Uint8Array(2 * side ** 3).fill(7);
  const packed = gzipSync(voxels, { level: 0 });
  const read = (data: Uint8Array) => {
    const fields = ['type: short', 'dimension: 3', `sizes: ${side} ${side} ${side}`, 'space: RAS'];
    const form = ['space directions: (1,0,0) (0,1,0) (0,0,1)', 'endian: little', 'encoding: gzip'];
    return readNrrd(bytesOf([...fields, ...form], data));
  };

  it('is read, also with other bytes behind it, of which it tells', async () => {
    for (const tail of ['', '\n', '\0'.repeat(20), 'garbage garbage garbage']) {
      using volume = await read(Buffer.concat([packed, Buffer.from(tail)]));
      assert.equal(volume.voxels.byteLength, voxels.length);
      const message = `${tail.length} bytes follow the voxels; they are ignored`;
      assert.deepEqual(volume.warnings, tail ? [{ reason: 'BYTES_AFTER_VOXELS', message }] : []);
    }
  });

  it('is refused when a voxel is wrong, or the checksum is', async () => {
    for (const at of [packed.length >> 1, packed.length - 8, packed.length - 1]) {
      const wrong = Uint8Array.from(packed);
      wrong[at] = 8;
      await assert.rejects(read(wrong), { reason: 'VOLUME_CORRUPT' });
    }
  });

  it('is refused when its end is missing, at whatever piece that would be', async () => {
    for (const missing of [1, 8]) {
      await assert.rejects(read(packed.subarray(0, -missing)), { reason: 'VOLUME_TRUNCATED' });
    }
    // The last block ends exactly where a piece of the file does.
    const body = deflateRawSync(voxels, { level: 0 });
    const piece = 256 * 1024;
    const name = Buffer.alloc(piece - ((body.length + 10) % piece), 'n');
    name[name.length - 1] = 0;
    const start = Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]);
    const whole = Buffer.concat([start, name, body]);
    assert.equal(whole.length % piece, 0);
    await assert.rejects(read(whole), { reason: 'VOLUME_TRUNCATED' });
    await assert.rejects(read(Buffer.concat([whole, Buffer.alloc(8)])), {
      reason: 'VOLUME_CORRUPT',
    });
  });
});

describe('an NRRD whose header leaves things out', () => {
  for (const [what, fields, reasons] of [
    ['the spacing', ['space: RAS'], ['SPACING_UNKNOWN']],
    ['the space', ['spacings: 1 1 2'], ['ORIENTATION_UNKNOWN']],
    ['a spacing', ['space: RAS', 'spacings: 1 1 nan'], ['SPACING_UNKNOWN']],
    ['nothing', ['space: RAS', 'spacings: 1 1 2'], []],
  ] as const) {
    it(`tells that it is ${what}`, async () => {
      const header = ['type: uchar', 'dimension: 3', 'sizes: 2 1 2', 'encoding: raw', ...fields];
      using volume = await readNrrd(bytesOf(header, '1234'));
      assert.deepEqual(
        volume.warnings.map(({ reason }) => reason),
        reasons,
      );
    });
  }

  it('tells of numbers behind the last, and not of blanks', async () => {
    for (const [text, warnings] of [
      ['1 2 3 4 \n\n', []],
      ['1 2 3 4 5 6', [{ reason: 'BYTES_AFTER_VOXELS', message: /^4 bytes/ }]],
    ] as const) {
      using volume = await ascii('short', text);
      assert.equal(volume.warnings.length, warnings.length);
      for (const [n, { reason, message }] of warnings.entries()) {
        assert.equal(volume.warnings[n]?.reason, reason);
        assert.match(volume.warnings[n]?.message ?? '', message);
      }
    }
  });

  it('is refused with voxels in a list or a pattern of files', async () => {
    for (const name of ['LIST', 'slice%03d.raw 1 9 1']) {
      const fields = ['type: uchar', ...GRID, 'encoding: raw', `data file: ${name}`];
      await assert.rejects(readNrrd(bytesOf(fields, '')), {
        reason: 'VOLUME_TYPE_UNSUPPORTED',
        got: JSON.stringify(name),
      });
    }
  });
});

describe('an NRRD behind lines of another header', () => {
  const read = (lines: number, data: string | Uint8Array) =>
    readNrrd(bytesOf(['type: uchar', ...GRID, 'encoding: raw', `line skip: ${lines}`], data));

  it('has them passed over, short and long', async () => {
    for (const lines of ['\n', 'a\nb\n', `${'x'.repeat(200_000)}\n\n`, '\n'.repeat(70_000)]) {
      using volume = await read(lines.split('\n').length - 1, `${lines}\x01\x02\x03\x04`);
      assert.deepEqual([...volume.voxels.toArray()], [1, 3, 2, 4]);
    }
  });

  it('is refused by name where there are fewer, at once', async () => {
    const began = performance.now();
    const long = new Uint8Array(20 * 2 ** 20).fill(0x20);
    for (const [lines, there] of [
      [1, '0'],
      [1e6, '0'],
      [1e9, `${long.length} bytes`],
    ] as const) {
      await assert.rejects(read(lines, long), {
        reason: 'VOLUME_CORRUPT',
        message: new RegExp(`line skip: .*the ${there} that follow, got "${lines}"`),
      });
    }
    assert.ok(performance.now() - began < 5000);
  });
});

describe('an NRRD whose voxels end with the file', () => {
  const voxels = Int16Array.from([1, 2, 3, 4]);
  const fields = ['type: short', ...GRID, 'encoding: raw', 'endian: little', 'byte skip: -1'];
  const behind = (bytes: string) => Buffer.concat([Buffer.from(bytes), Buffer.from(voxels.buffer)]);

  for (const before of ['', 'something else', 'x'.repeat(5000)]) {
    it(`behind ${before.length} other bytes`, async () => {
      using volume = await readNrrd(bytesOf(fields, behind(before)));
      assert.deepEqual([...volume.voxels.toArray()], [1, 3, 2, 4]);
    });
  }

  it('after lines that are to be skipped', async () => {
    using volume = await readNrrd(bytesOf([...fields, 'line skip: 2'], behind('a\nb\nmore')));
    assert.deepEqual([...volume.voxels.toArray()], [1, 3, 2, 4]);
  });

  it('is refused where they are not all there', async () => {
    await assert.rejects(readNrrd(bytesOf(fields, Buffer.from(voxels.buffer).subarray(1))), {
      reason: 'VOLUME_TRUNCATED',
    });
  });
});
