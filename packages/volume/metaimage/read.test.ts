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

  it('tells what it took for granted', async () => {
    const reasons = async (...fields: string[]) => {
      using volume = await readMetaImage(local(fields, VOXELS));
      return volume.warnings.map(({ reason }) => reason);
    };
    const matrix = 'TransformMatrix = 1 0 0 0 1 0 0 0 1';
    assert.deepEqual(await reasons(), ['SPACING_UNKNOWN', 'ORIENTATION_UNKNOWN']);
    assert.deepEqual(await reasons(matrix), ['SPACING_UNKNOWN']);
    assert.deepEqual(await reasons('ElementSpacing = 1 1 2'), ['ORIENTATION_UNKNOWN']);
    assert.deepEqual(await reasons('ElementSize = 1 1 2', matrix), []);
  });

  it('is refused with voxels in a list or a pattern of files', async () => {
    for (const name of ['LIST', 'slice%03d.raw 1 9 1']) {
      const bytes = Buffer.from(`${FIELDS.join('\n')}\nElementDataFile = ${name}\n`);
      await assert.rejects(readMetaImage({ bytes }), {
        reason: 'VOLUME_TYPE_UNSUPPORTED',
        got: JSON.stringify(name),
      });
    }
  });

  describe('whose compressed voxels are of several pieces', () => {
    const side = 96;
    const fields = ['ObjectType = Image', 'NDims = 3', `DimSize = ${side} ${side} ${side}`];
    // Stored as they are, the stream is longer than the voxels: its checksum comes in a piece of its own.
    const packed = deflateSync(new Uint8Array(2 * side ** 3).fill(7), { level: 0 });
    const read = (data: Uint8Array) =>
      readMetaImage({
        bytes: Buffer.concat([
          Buffer.from(`${fields.join('\n')}\nElementType = MET_SHORT\nCompressedData = True\n`),
          Buffer.from('ElementDataFile = LOCAL\n'),
          data,
        ]),
      });

    it('is read, also with other bytes behind it, of which it tells', async () => {
      for (const tail of ['', '\n', '\0'.repeat(100)]) {
        using volume = await read(Buffer.concat([packed, Buffer.from(tail)]));
        assert.equal(volume.voxels.byteLength, 2 * side ** 3);
        const message = `${tail.length} bytes follow the voxels; they are ignored`;
        assert.deepEqual(
          volume.warnings.filter(({ reason }) => reason === 'BYTES_AFTER_VOXELS'),
          tail ? [{ reason: 'BYTES_AFTER_VOXELS', message }] : [],
        );
      }
    });

    it('is refused when one of them is wrong, or the checksum is missing', async () => {
      const wrong = Uint8Array.from(packed);
      wrong[packed.length >> 1] = 8;
      await assert.rejects(read(wrong), { reason: 'VOLUME_CORRUPT' });
      for (const missing of [1, 4]) {
        await assert.rejects(read(packed.subarray(0, -missing)), { reason: 'VOLUME_TRUNCATED' });
      }
    });
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
