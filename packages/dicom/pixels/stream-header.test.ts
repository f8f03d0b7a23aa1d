import assert from 'node:assert/strict';
import { baselineJpeg } from '../testing/baseline-jpeg.ts';
import { assertStream, jpegHeader } from './stream-header.ts';

/** A frame header alone (ITU-T T.81 B.2.2): its sampling factors, those of rows in the lower four bits. */
function frameHeader(marker: number, [rows, columns]: [number, number], sampling: number[]) {
  const size = [8, rows >> 8, rows & 255, columns >> 8, columns & 255, sampling.length];
  const data = [...size, ...sampling.flatMap((factors, n) => [n + 1, factors, 0])];
  return Buffer.from([0xff, 0xd8, 0xff, marker, 0, data.length + 2, ...data]);
}

describe('the fewest bits of a code stream', () => {
  for (const { what, marker, sampling, least } of [
    { what: 'lossless JPEG', marker: 0xc3, sampling: [0x11], least: 100 * 200 },
    { what: 'lossless JPEG in colour', marker: 0xc3, sampling: [0x11, 0x11, 0x11], least: 60_000 },
    { what: 'baseline JPEG', marker: 0xc0, sampling: [0x11], least: 13 * 25 },
    { what: 'baseline JPEG of one component, sampled', marker: 0xc0, sampling: [0x22], least: 325 },
    { what: 'baseline JPEG 4:2:0', marker: 0xc0, sampling: [0x22, 0x11, 0x11], least: 7 * 13 * 3 },
    {
      what: 'progressive JPEG 4:2:2',
      marker: 0xc2,
      sampling: [0x21, 0x11, 0x11],
      least: 13 * 13 * 3,
    },
    { what: 'arithmetic JPEG', marker: 0xc9, sampling: [0x11], least: 0 },
    { what: 'JPEG-LS', marker: 0xf7, sampling: [0x11], least: 100 },
  ]) {
    it(`of ${what}`, () => {
      assert.equal(jpegHeader(frameHeader(marker, [100, 200], sampling))?.leastBits, least);
    });
  }

  it('are held against its length', () => {
    const stream = frameHeader(0xc3, [100, 200], [0x11]);
    const layout = {
      rows: 100,
      columns: 200,
      samplesPerPixel: 1,
      planarConfiguration: 0,
      bitsAllocated: 8,
      bitsStored: 8,
      highBit: 7,
      isSigned: false,
      sampleKind: 'integer',
      photometric: 'MONOCHROME2',
      transferSyntaxUid: '1.2.840.10008.1.2.4.70',
    } as const;
    const long = Buffer.concat([stream, Buffer.alloc(2500)]);
    assert.equal(assertStream(long, jpegHeader(long), layout).leastBits, 20_000);
    assert.throws(() => assertStream(stream, jpegHeader(stream), layout), {
      reason: 'VOLUME_CORRUPT',
      message: /at least 2500 bytes, got a code stream of 15 bytes for 200 x 100 pixels/,
    });
  });

  it('are no more than a smallest real stream has', () => {
    const stream = baselineJpeg([128], { rows: 8, columns: 8 });
    assert.ok((jpegHeader(stream)?.leastBits ?? 0) <= 8);
  });
});
