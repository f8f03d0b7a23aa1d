import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dicomFile } from '../testing/dicom-file.ts';
import { scanFile } from './scan-file.ts';

const ITEM = 'feff00e0';
const DELIMITER = 'feffdde000000000';

/** A frame as JPEG 2000 begins; odd lengths are padded by whoever writes the fragment. */
function stream(length: number, fill: number): Buffer {
  const bytes = Buffer.alloc(length, fill);
  bytes.set([0xff, 0x4f, 0xff, 0x51]);
  return bytes;
}

function item(content: Buffer): Buffer {
  const head = Buffer.from(`${ITEM}00000000`, 'hex');
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
}

interface Encapsulated {
  readonly frames: number;
  readonly table?: readonly number[];
  readonly extended?: readonly number[];
  readonly fragments: readonly Buffer[];
  readonly tail?: Buffer;
}

describe('fragments of encapsulated pixel data', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
  });

  after(() => rmSync(folder, { recursive: true }));

  /** What the ranges of the frames hold, joined; or why there are none. */
  function framesOf({ frames, table = [], extended, fragments, tail }: Encapsulated) {
    const offsets = Buffer.alloc(4 * table.length);
    for (const [n, offset] of table.entries()) offsets.writeUInt32LE(offset, 4 * n);
    const wide = Buffer.alloc(8 * (extended?.length ?? 0));
    for (const [n, offset] of (extended ?? []).entries())
      wide.writeBigUInt64LE(BigInt(offset), 8 * n);
    const header = dicomFile(
      [
        ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.7.2'],
        ['0020000E', 'UI', '1.2'],
        ['00280002', 'US', 1],
        ['00280004', 'CS', 'MONOCHROME2'],
        ['00280008', 'IS', frames],
        ['00280010', 'US', 8],
        ['00280011', 'US', 8],
        ['00280100', 'US', 8],
        ...(extended === undefined ? [] : [['7FE00001', 'OV', wide] as const]),
      ],
      { transferSyntaxUid: '1.2.840.10008.1.2.4.90' },
    );
    const pixels = Buffer.concat([
      Buffer.from('e07f10004f420000ffffffff', 'hex'),
      item(offsets),
      ...fragments.map(item),
      tail ?? Buffer.from(DELIMITER, 'hex'),
    ]);
    const path = join(folder, 'file');
    const file = Buffer.concat([header, pixels]);
    writeFileSync(path, file);
    const scanned = scanFile(path, 'file');
    if (scanned.what === 'broken') return scanned.broken.message;
    assert.equal(scanned.what, 'instance');
    const { location } = scanned.instance;
    assert.equal(location.kind, 'encapsulated');
    return location.frames.map((ranges) =>
      Buffer.concat(ranges.map(([at, length]) => file.subarray(at, at + length))),
    );
  }

  const [a, b, c] = [stream(40, 1), stream(60, 2), stream(22, 3)];

  it('are one frame each when there are as many, whatever the table says', () => {
    for (const table of [[], [0, 48, 116], [0, 1, 2], [7, 7, 7], [0]]) {
      assert.deepEqual(framesOf({ frames: 3, table, fragments: [a, b, c] }), [a, b, c]);
    }
  });

  it('are all of a lone frame', () => {
    const parts = [a.subarray(0, 10), a.subarray(10, 16), a.subarray(16)];
    assert.deepEqual(framesOf({ frames: 1, fragments: parts }), [a]);
    assert.deepEqual(framesOf({ frames: 1, table: [0], fragments: parts }), [a]);
  });

  it('follow the basic offset table', () => {
    const fragments = [a.subarray(0, 20), a.subarray(20), b, c.subarray(0, 6), c.subarray(6)];
    const table = [0, 28 + 28, 28 + 28 + 68];
    assert.deepEqual(framesOf({ frames: 3, table, fragments }), [a, b, c]);
  });

  it('follow the extended offset table', () => {
    const fragments = [a.subarray(0, 20), a.subarray(20), b];
    assert.deepEqual(framesOf({ frames: 2, extended: [0, 56], fragments }), [a, b]);
  });

  it('are parted where code streams begin when the table is empty, wrong or meets no item', () => {
    const fragments = [a.subarray(0, 20), a.subarray(20), b];
    for (const table of [[], [0, 57], [8, 64], [0, 0], [0]]) {
      assert.deepEqual(framesOf({ frames: 2, table, fragments }), [a, b]);
    }
  });

  it('may begin at an odd offset of the file', () => {
    // An item of odd length before it, which the standard forbids and writers write.
    const odd = [stream(41, 1), stream(33, 2)];
    assert.deepEqual(framesOf({ frames: 2, fragments: odd }), odd);
  });

  it('may end without a delimiter', () => {
    assert.deepEqual(framesOf({ frames: 1, fragments: [a], tail: Buffer.alloc(0) }), [a]);
  });

  it('are never made up', () => {
    const noStart = [Buffer.alloc(20, 9), Buffer.alloc(20, 9), Buffer.alloc(20, 9)];
    assert.match(String(framesOf({ frames: 2, fragments: noStart })), /2 frames/);
    const beyond = Buffer.from(`${ITEM}ff000000`, 'hex');
    assert.match(String(framesOf({ frames: 1, fragments: [a], tail: beyond })), /255|ends/);
  });
});
