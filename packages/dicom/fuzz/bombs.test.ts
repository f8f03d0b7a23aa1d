import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baselineJpeg, fileOfStream } from '../testing/baseline-jpeg.ts';
import { deflateBomb } from '../testing/deflated-file.ts';
import { type DicomWorkers, startDicomWorkers } from '../workers/index.ts';
import { examine } from './examine.ts';

/** Rows and columns that the files say that they have: 150 million pixels. */
const SIDE = 12_250;

/** One code of one bit, for the category 0: zeros are differences of nothing. */
const LOSSLESS = Buffer.from(
  `ffd8ffc3000b10${hex(SIDE)}${hex(SIDE)}01011100ffc40014000100000000000000000000000000000000ffda0008010100010000${'00'.repeat(4)}ffd9`,
  'hex',
);

/** One segment for each of two bytes (PS3.5 G.5), of 128 zeros each. */
const RLE = Buffer.alloc(68);
RLE.writeUInt32LE(2, 0);
RLE.writeUInt32LE(64, 4);
RLE.writeUInt32LE(66, 8);
RLE.set([129, 0, 129, 0], 64);

const FILES: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['a header that inflates to a gigabyte', deflateBomb(1000)],
  ['a header that inflates to a hundred megabytes', deflateBomb(100)],
  ['lossless JPEG of no bits', imageOf(LOSSLESS, '1.2.840.10008.1.2.4.70', 16)],
  ['RLE of no segments to speak of', imageOf(RLE, '1.2.840.10008.1.2.5', 16)],
  [
    'baseline JPEG of one block',
    imageOf(baselineJpeg([90], { rows: SIDE, columns: SIDE }), '1.2.840.10008.1.2.4.50', 8),
  ],
];

describe('small files that say that they are large', function () {
  this.timeout(30_000);
  let folder: string;
  let workers: DicomWorkers;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-bombs-'));
    workers = startDicomWorkers({ count: 1 });
  });
  after(async () => {
    await workers?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  for (const [what, bytes] of FILES) {
    it(`${what}: refused within the bounds of a file of ${bytes.length} bytes`, async () => {
      const path = join(folder, 'bomb');
      writeFileSync(path, bytes);
      // Its thread is there before anything is measured.
      await workers.scan([{ path: import.meta.filename, name: 'no DICOM' }]);
      const verdict = await examine(path, { workers, honestBytes: bytes.length });
      assert.deepEqual(verdict, { outcome: 'VOLUME_CORRUPT' });
    });
  }
});

function imageOf(stream: Uint8Array, transferSyntaxUid: string, bits: number): Buffer {
  return fileOfStream(stream, transferSyntaxUid, [
    ['0020000E', 'UI', '1.2.3'],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', SIDE],
    ['00280011', 'US', SIDE],
    ['00280100', 'US', bits],
  ]);
}

function hex(number: number): string {
  return number.toString(16).padStart(4, '0');
}
