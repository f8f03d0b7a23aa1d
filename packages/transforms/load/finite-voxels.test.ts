import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { Vec3 } from '#geometry';
import type { Warning } from '#volume';
import { ImageFolder, prepared, valuesOf } from '../testing/chains.ts';

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;
const SHAPE: Vec3 = [2, 2, 1];
const TO_4D = { name: 'VolumeTo4dArray', fields: 'image' };

describe('an image with voxels that are no numbers', () => {
  let folder: ImageFolder;
  before(() => {
    folder = new ImageFolder();
  });
  after(() => folder[Symbol.dispose]());

  const ways: readonly (readonly [what: string, transforms: readonly object[]])[] = [
    ['LoadNifty', [{ name: 'LoadNifty', fields: 'image' }]],
    ['LoadNumpyFromFilename', [{ name: 'LoadNumpyFromFilename', fields: 'image' }]],
    ['a chain made for a server', [TO_4D]],
  ];
  for (const [what, transforms] of ways) {
    for (const dtype of ['float32', 'float64'] as const) {
      it(`is read by ${what} with NaN as its lowest value, in ${dtype}, with a warning`, async () => {
        const values = [NAN, 7, -3, INF];
        const image = await folder.image('image.nii', { shape: SHAPE, values, dtype });
        const heard: Warning[] = [];
        const onWarning = (warning: Warning) => heard.push(warning);
        using fields = await prepared(transforms, { files: { image: [image] } }, { onWarning });
        // [x, y, z] with the last axis fastest.
        assert.deepEqual(valuesOf(fields, 'image'), [-3, -3, 7, 7]);
        assert.deepEqual(
          heard.map(({ reason }) => reason),
          ['VOXELS_NOT_FINITE'],
        );
        assert.match(
          heard[0]?.message ?? '',
          /^"image": 1 voxel is not a number \(NaN\); it counts/,
        );
      });
    }
  }

  it('is read so from an array of numpy', async () => {
    const head = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 1), }\n";
    const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, head.length, 0]);
    const values = Buffer.from(Float32Array.of(4, NAN, 2, 6).buffer);
    const path = folder.at('image.npy');
    writeFileSync(path, Buffer.concat([start, Buffer.from(head), values]));
    const heard: Warning[] = [];
    const load = { name: 'LoadNumpyFromFilename', fields: 'image' };
    const onWarning = (warning: Warning) => heard.push(warning);
    using fields = await prepared([load], { files: { image: [path] } }, { onWarning });
    assert.deepEqual(valuesOf(fields, 'image'), [4, 2, 2, 6]);
    assert.equal(heard.length, 1);
  });

  it('is refused where it has no number at all', async () => {
    const image = await folder.image('none.nii', { shape: SHAPE, values: [NAN, NAN, INF, NAN] });
    await assert.rejects(prepared([TO_4D], { files: { image: [image] } }), {
      reason: 'VOLUME_CONSTANT',
    });
  });
});
