import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { imageKindOf } from './index.ts';
import { syntheticNifti } from './nifti/testing/synthetic.ts';

const META = ['NDims = 3', 'DimSize = 2 1 2', 'ElementType = MET_SHORT', 'ElementDataFile = LOCAL'];

describe('what a file is by its first bytes', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-kind-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function kindOf(content: Uint8Array | string): Promise<string | undefined> {
    const path = join(folder, 'file');
    writeFileSync(path, content);
    return (await imageKindOf(path))?.kind;
  }

  it('is MetaImage with any of its keys first', async () => {
    for (const first of ['ObjectType = Image', 'Comment = of a scanner', 'Name = head', 'ID = 3']) {
      assert.equal(await kindOf([first, ...META].join('\n')), 'metaimage', first);
      assert.equal(await kindOf([first, ...META].join('\r\n')), 'metaimage', first);
    }
    assert.equal(await kindOf(META.join('\n')), 'metaimage');
  });

  it('is no MetaImage for a name or a comment', async () => {
    for (const text of [
      'Name = settings\nColour = blue\n',
      'ID = 17\n[paths]\nimage = /data\n',
      'Comment = see the NDims = 3 of the others\n',
    ]) {
      assert.equal(await kindOf(text), undefined, text);
    }
  });

  it('is what it is in a gzip whose checksum or last bytes are wrong', async () => {
    const image = Uint8Array.from(
      syntheticNifti({ dim: [3, 8, 4, 4, 1, 1, 1, 1], voxels: new Uint8Array(128).fill(7) }),
    );
    const packed = gzipSync(image);
    const wrongSum = Uint8Array.from(packed);
    wrongSum[packed.length - 8] = (packed[packed.length - 8] ?? 0) ^ 1;
    assert.equal(await kindOf(wrongSum), 'nifti');
    const stored = gzipSync(image, { level: 0 });
    stored[stored.length - 12] = (stored[stored.length - 12] ?? 0) ^ 1;
    assert.equal(await kindOf(stored), 'nifti');
    assert.equal(await kindOf(Buffer.concat([packed, packed.subarray(0, 12), image])), 'nifti');
  });

  it('is nothing where there is nothing of it', async () => {
    for (const bytes of ['', Buffer.from([0x1f, 0x8b, 8]), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0])]) {
      assert.equal(await kindOf(bytes), undefined);
    }
  });
});
