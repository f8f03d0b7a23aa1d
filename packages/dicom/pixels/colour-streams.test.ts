import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scanFile } from '../scan/scan-file.ts';
import { baselineJpeg, fileOfStream } from '../testing/baseline-jpeg.ts';
import { decodeFrames } from './decode-frames.ts';

const BASELINE = '1.2.840.10008.1.2.4.50';
const JPEG_2000 = '1.2.840.10008.1.2.4.90';

const JFIF = [0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]] as const;
const ADOBE = (transform: number) =>
  [0xee, [...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, transform]] as const;

/** Without its transform. */
const CUT_ADOBE = [0xee, [...Buffer.from('Adobe'), 0, 100, 0, 0, 0]] as const;

/** Names of components that libjpeg knows RGB by. */
const NAMES = [...Buffer.from('RGB')];

const RED = [200, 50, 20];
/** The same in YCbCr of full range, rounded. */
const RED_YCBCR = [91, 88, 205];

/** The first line of a picture, and the second. */
const PICTURE = [
  [200, 50, 20, 0, 0, 255, 255, 255, 255, 10, 120, 240],
  [0, 0, 0, 255, 0, 0, 0, 255, 0, 90, 90, 90],
];
/**
 * The picture as Pillow 9.4 writes it with no_jp2=True, irreversible=False, num_resolutions=1 (OpenJPEG
 * 2.5.0, its comment left out), and mct=0 of its YCbCr, mct=1 and mct=0 of its RGB.
 */
const SIZ =
  'ff4fff51002f000000000004000000020000000000000000000000040000000200000000000000000003070101070101070101';
const STREAMS = {
  ycbcr: `${SIZ}ff52000c00000001000004040001ff5c00044040ff90000a0000000000300001ff93df80480c3ed73c9e16855330cfb4200d6b1553236b873fcfb420043d8a95921bf957ffd9`,
  transformed: `${SIZ}ff52000c00000001010004040001ff5c00044040ff90000a0000000000300001ff93df80500c438fc9704789aa559fdf80400d6727ec711d9ecfdf8038043d368b75817fffd9`,
  rgb: `${SIZ}ff52000c00000001000004040001ff5c00044040ff90000a0000000000370001ff93df80580bd2acd0d6bf0685ff223fdf80580bc79941364bebcc8bdb7fdf80500c146ebe1113b8d88887ffd9`,
};

describe('colours of code streams', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-colours-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function decoded(
    stream: Uint8Array,
    { uid, photometric, size }: { uid: string; photometric: string; size: [number, number] },
  ): Promise<number[]> {
    const path = join(folder, 'x.dcm');
    const file = fileOfStream(stream, uid, [
      ['00280002', 'US', 3],
      ['00280004', 'CS', photometric],
      ['00280010', 'US', size[0]],
      ['00280011', 'US', size[1]],
      ['00280100', 'US', 8],
    ]);
    writeFileSync(path, file);
    const scanned = scanFile(path, 'x.dcm');
    assert.ok(scanned.what === 'instance', JSON.stringify(scanned));
    const { pixels: layout, location } = scanned.instance;
    return [...(await decodeFrames({ path, name: 'x', layout, location, frames: [0] })).bytes];
  }

  const cases = [
    { what: 'RGB by the file', ids: [0, 1, 2], photometric: 'RGB', colour: RED },
    { what: 'RGB by the file, Adobe cut short', first: [CUT_ADOBE], ids: [0, 1, 2], colour: RED },
    { what: 'RGB by Adobe', first: [ADOBE(0)], photometric: 'RGB', colour: RED },
    { what: 'RGB by its names', ids: NAMES, photometric: 'RGB', colour: RED },
    {
      what: 'RGB by its names, YCbCr by the file',
      ids: NAMES,
      photometric: 'YBR_FULL',
      colour: RED,
    },
    { what: 'YCbCr, and neither says more', photometric: 'YBR_FULL', colour: RED_YCBCR },
    { what: 'YCbCr by the file', ids: [0, 1, 2], photometric: 'YBR_FULL', colour: RED_YCBCR },
    { what: 'YCbCr by Adobe', first: [ADOBE(1)], photometric: 'YBR_FULL', colour: RED_YCBCR },
    { what: 'YCbCr by JFIF', first: [JFIF], photometric: 'YBR_FULL_422', colour: RED_YCBCR },
    // Files say so of YCbCr.
    { what: 'YCbCr by JFIF, RGB by the file', first: [JFIF], colour: RED_YCBCR },
    { what: 'YCbCr by its names, RGB by the file', colour: RED_YCBCR },
    { what: 'YCbCr as GDCM writes it, RGB by the file', sampling: 2, colour: RED_YCBCR },
    {
      what: 'YCbCr by its sampling, RGB by the file',
      ids: [0, 1, 2],
      sampling: 2,
      colour: RED_YCBCR,
    },
  ] as const;
  for (const { what, colour, ...given } of cases) {
    it(`of JPEG: ${what}`, async () => {
      const { photometric, ...options } = { photometric: 'RGB', ...given };
      const stream = baselineJpeg(colour, { rows: 8, columns: 8, ...options });
      const bytes = await decoded(stream, { uid: BASELINE, photometric, size: [8, 8] });
      bytes.forEach((value, n) => {
        assert.ok(Math.abs(value - (RED[n % 3] ?? 0)) <= 2, `${value} at ${n}`);
      });
    });
  }

  for (const [stream, photometric, most] of [
    ['ycbcr', 'YBR_FULL', 2],
    ['transformed', 'YBR_RCT', 0],
    ['transformed', 'YBR_FULL', 0],
    ['rgb', 'RGB', 0],
  ] as const) {
    it(`of JPEG 2000 whose components are ${stream}, and the file says ${photometric}`, async () => {
      const bytes = Buffer.from(STREAMS[stream], 'hex');
      const got = await decoded(bytes, { uid: JPEG_2000, photometric, size: [2, 4] });
      const largest = Math.max(
        ...PICTURE.flat().map((value, n) => Math.abs(value - (got[n] ?? -1000))),
      );
      assert.ok(largest <= most, `differs by ${largest}: ${got}`);
    });
  }

  it('of JPEG 2000 that ends early: the refusal says so', async () => {
    const whole = Buffer.from(STREAMS.rgb, 'hex');
    for (const bytes of [whole.subarray(0, 70), whole.subarray(0, 100)]) {
      const about = { uid: JPEG_2000, photometric: 'RGB', size: [2, 4] as [number, number] };
      await assert.rejects(decoded(bytes, about), {
        reason: 'VOLUME_CORRUPT',
        message: /a code stream that ends early or is broken/,
      });
    }
  });
});
