import assert from 'node:assert/strict';
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
