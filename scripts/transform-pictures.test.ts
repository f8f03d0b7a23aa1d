import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { transformPictures } from './transform-pictures.ts';

const FOLDER = join(import.meta.dirname, '../docs/transforms');
/** Powers and cosines are rounded differently by each library of mathematics. */
const GREYS_APART = 1;

describe('docs/transforms/*.png', () => {
  it('show what the transforms do (npm run docs draws them anew)', async function () {
    this.timeout(30_000);
    const pictures = await transformPictures();
    assert.deepEqual(readdirSync(FOLDER).toSorted(), pictures.map(({ name }) => name).toSorted());
    for (const { name, png } of pictures) {
      const there = PNG.sync.read(readFileSync(join(FOLDER, name)));
      assert.deepEqual([there.width, there.height], [png.width, png.height], name);
      const apart = there.data.some(
        (value, n) => Math.abs(value - (png.data[n] ?? 0)) > GREYS_APART,
      );
      assert.ok(!apart, `${name} is another picture`);
    }
  });
});
