import assert from 'node:assert/strict';
import { decodeRle } from './rle.ts';

const LAYOUT = {
  rows: 16,
  columns: 16,
  samplesPerPixel: 1,
  planarConfiguration: 0,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  isSigned: false,
  sampleKind: 'integer',
  photometric: 'MONOCHROME2',
  transferSyntaxUid: '1.2.840.10008.1.2.5',
} as const;

describe('RLE', () => {
  /** Two runs of 128 sevens: the shortest that 256 bytes can be. */
  const shortest = Buffer.alloc(68);
  shortest.writeUInt32LE(1, 0);
  shortest.writeUInt32LE(64, 4);
  shortest.set([129, 7, 129, 7], 64);

  it('is read where it is as short as it can be', () => {
    assert.deepEqual(decodeRle(shortest, LAYOUT), new Uint8Array(256).fill(7));
  });

  it('is refused where it is too short for its size, before memory is taken for that', () => {
    const vast = { ...LAYOUT, rows: 65_535, columns: 65_535 };
    assert.throws(() => decodeRle(shortest, vast), {
      reason: 'VOLUME_CORRUPT',
      message: /at least \d+ for 4294836225 bytes, got 68 bytes of RLE/,
    });
  });
});
