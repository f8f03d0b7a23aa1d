import assert from 'node:assert/strict';
import type { Vec3 } from '#geometry';
import { compilePreparation } from '../chain/compile-preparation.ts';
import { ImageFolder, prepared, valuesOf } from '../testing/chains.ts';

const SHAPE: Vec3 = [2, 2, 2];
const [ONES, TWOS] = [1, 2].map((value) => Array.from({ length: 8 }, () => value)) as [
  number[],
  number[],
];
const LOAD = { name: 'LoadNifty', fields: 'image' };
const TO_4D = { name: 'VolumeTo4dArray', fields: 'image' };

describe('files of several channels', () => {
  let folder: ImageFolder;
  let first: string;
  let frames: string;

  before(async () => {
    folder = new ImageFolder();
    first = await folder.image('first.nii', { shape: SHAPE, values: ONES });
    frames = await folder.image('frames.nii', { shape: SHAPE, values: [...ONES, ...TWOS] });
  });
  after(() => folder[Symbol.dispose]());

  it('become the channels of a field, as the frames of a file do', async () => {
    // What rounding to float32 leaves of one and the same position.
    const affine = [1, 0, 0, 1e-4, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    const second = await folder.image('second.nii', { shape: SHAPE, values: TWOS, affine });
    for (const image of [[first, second], [frames]]) {
      using fields = await prepared([LOAD], { files: { image } });
      assert.equal(fields.array('image').channels, 2);
      assert.deepEqual(valuesOf(fields, 'image'), [...ONES, ...TWOS]);
    }
  });

  it('are refused by name where one of them lies elsewhere', async () => {
    const elsewhere: [number[], RegExp][] = [
      [[2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1], /up to 1\.73 mm away/],
      [[1, 0, 0, 50, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], /up to 50 mm away/],
    ];
    for (const [affine, message] of elsewhere) {
      const second = await folder.image('elsewhere.nii', { shape: SHAPE, values: TWOS, affine });
      await assert.rejects(prepared([LOAD], { files: { image: [first, second] } }), (error) => {
        assert.ok(error instanceof Error);
        assert.match(error.message, message);
        assert.match(error.message, /elsewhere\.nii: expected the same position/);
        return true;
      });
    }
  });

  it('are refused where nothing loads them', async () => {
    await assert.rejects(
      prepared([TO_4D], { files: { image: [frames] } }),
      /frames\.nii: expected 3 axes.*got an array of 2 frames.*LoadNifty/,
    );
    const several = [TO_4D, { name: 'LoadNumpyFromFilename', fields: 'image' }];
    for (const transform of several) {
      const { problems } = compilePreparation(
        { pre_transforms: [transform] },
        { files: { image: [first, first] }, hasPoints: false },
      );
      assert.equal(problems[0]?.got, '2 files of "image"');
      assert.match(problems[0]?.remedy ?? '', /LoadNifty/);
    }
  });
});
