import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { compareFiles, needsTwin } from './compare.ts';

const [ROWS, COLUMNS] = [21, 34];
const LOAD = { name: 'LoadPng', fields: 'image' };

/** pngjs's numbers of colour types, and the channels that each has. */
const KINDS = [
  { colorType: 0, channels: 1, bitDepth: 8 },
  { colorType: 0, channels: 1, bitDepth: 16 },
  { colorType: 2, channels: 3, bitDepth: 8 },
  { colorType: 6, channels: 4, bitDepth: 8 },
] as const;

const CHAINS: readonly (readonly [what: string, transforms: readonly object[]])[] = [
  ['as they are', []],
  ['larger', [{ name: 'NPResizeImage', applied_keys: 'image', output_shape: [50, 41] }]],
  ['turned', [{ name: 'NP2DRotate', applied_keys: 'image', angle: 20 }]],
  ['turned by chance', [{ name: 'NP2DRotate', applied_keys: 'image', angle: 45, random: true }]],
  [
    'cut by chance',
    [{ name: 'CropRandomSubImageInRange', lower_size: 0.4, max_displacement: 0.7 }],
  ],
  [
    'cut by chance to any aspect',
    [{ name: 'CropRandomSubImageInRange', lower_size: 9, max_displacement: 1, keep_aspect: false }],
  ],
];

describe('pictures, beside a twin in numpy and scipy', function () {
  this.timeout(60_000);
  let folder: string;

  before(function () {
    needsTwin(this);
    folder = mkdtempSync(join(tmpdir(), 'sextant-pictures-'));
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  /** A picture as .png, and its channels as .npy. */
  function picture({ colorType, channels, bitDepth }: (typeof KINDS)[number]): string {
    const pixels = ROWS * COLUMNS;
    const most = 2 ** bitDepth - 1;
    const values = Array.from({ length: channels * pixels }, (_, n) => (n * 7919) % (most + 1));
    const png = new PNG({ width: COLUMNS, height: ROWS });
    const data = bitDepth === 16 ? new Uint16Array(4 * pixels) : new Uint8Array(4 * pixels);
    for (let n = 0; n < pixels; n++) {
      const of = (channel: number) => values[channel * pixels + n] ?? most;
      data.set(channels === 1 ? [of(0), of(0), of(0), most] : [of(0), of(1), of(2), of(3)], 4 * n);
    }
    png.data = Buffer.from(data.buffer);
    const path = join(folder, `${colorType}-${bitDepth}.png`);
    const how = { colorType, bitDepth, inputColorType: 6 as const, inputHasAlpha: true };
    writeFileSync(path, PNG.sync.write(png, how));
    writeFileSync(path.replace('.png', '.npy'), npy([channels, ROWS, COLUMNS], values));
    return path;
  }

  for (const [what, transforms] of CHAINS) {
    it(what, async () => {
      for (const [item, kind] of KINDS.entries()) {
        const files = { image: [picture(kind)] };
        const sample = { seed: 11, epoch: 0, item };
        await compareFiles({ pre_transforms: [LOAD, ...transforms] }, files, { what, sample });
      }
    });
  }
});

/** numpy's own format, of doubles in C order. */
function npy(shape: readonly number[], values: readonly number[]): Buffer {
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\x00', 'latin1');
  const padded = `${text.padEnd(117)}\n`;
  head.writeUInt16LE(padded.length, 8);
  return Buffer.concat([head, Buffer.from(padded), Buffer.from(Float64Array.from(values).buffer)]);
}
