import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { deflateSync } from 'node:zlib';
import { metaImageFiles, readMetaImage } from './index.ts';

const VOXELS = Buffer.from(Int16Array.from([1, 2, 3, 4]).buffer);
const FIELDS = ['ObjectType = Image', 'NDims = 3', 'DimSize = 2 1 2', 'ElementType = MET_SHORT'];

const local = (fields: readonly string[], data: Uint8Array) => ({
  bytes: Buffer.concat([
    Buffer.from(`${[...FIELDS, ...fields].join('\n')}\nElementDataFile = LOCAL\n`),
    data,
  ]),
});

async function values(source: Parameters<typeof readMetaImage>[0]): Promise<number[]> {
  using volume = await readMetaImage(source);
  return Array.from(volume.voxels.toArray(), Number);
}

describe('a MetaImage', () => {
  it('has its voxels behind the header, plain or compressed', async () => {
    assert.deepEqual(await values(local([], VOXELS)), [1, 3, 2, 4]);
    const packed = local(['CompressedData = True'], deflateSync(VOXELS));
    assert.deepEqual(await values(packed), [1, 3, 2, 4]);
  });

  it('has them at the end of the file where HeaderSize is -1', async () => {
    const other = Buffer.from('another header of any length');
    assert.deepEqual(await values(local(['HeaderSize = -1'], VOXELS)), [1, 3, 2, 4]);
    const behind = local(['HeaderSize = -1'], Buffer.concat([other, VOXELS]));
    assert.deepEqual(await values(behind), [1, 3, 2, 4]);
  });

  it('has them where HeaderSize says, counted from the beginning of the file as ITK does', async () => {
    const size = 400;
    const { bytes } = local([`HeaderSize = ${size}`], Buffer.alloc(0));
    const padded = Buffer.concat([bytes, Buffer.alloc(size - bytes.length), VOXELS]);
    assert.deepEqual(await values({ bytes: padded }), [1, 3, 2, 4]);
  });

  for (const [what, fields] of [
    ['a HeaderSize within the header', ['HeaderSize = 3']],
    ['a HeaderSize of -2', ['HeaderSize = -2']],
    ['compressed voxels counted from the end', ['HeaderSize = -1', 'CompressedData = True']],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      await assert.rejects(readMetaImage(local(fields, VOXELS)), {
        reason: 'VOLUME_CORRUPT',
        message: /HeaderSize/,
      });
    });
  }

  it('finds its voxels beside it under a name in any letters', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sextant-meta-'));
    try {
      const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
      const header = {
        ...{ grid: { shape: [2, 1, 2] as const, affine }, dtype: 'int16' as const },
        ...{ frames: 1, scale: { slope: 1, intercept: 0 } },
      };
      const stem = 'Köpfe – 頭';
      async function* pieces() {
        yield VOXELS;
      }
      const files = metaImageFiles(header, pieces(), { stem, isOneFile: false });
      for (const { suffix, pieces: made } of files) {
        writeFileSync(join(folder, `${stem}${suffix}`), await buffer(made));
      }
      assert.deepEqual(await values({ path: join(folder, `${stem}.mhd`) }), [1, 3, 2, 4]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
