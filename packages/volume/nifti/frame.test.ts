import assert from 'node:assert/strict';
import { SextantError } from '#errors';
import { assertFrame } from './frame.ts';
import { readNiftiHeader } from './read.ts';
import { syntheticNifti } from './testing/synthetic.ts';

describe('the choice of a frame', () => {
  const cases: [string, number[], number | undefined, string | undefined][] = [
    ['none of one', [3, 2, 3, 4], undefined, undefined],
    ['the only one', [4, 2, 3, 4, 1], 0, undefined],
    ['the last of several', [4, 2, 3, 2, 2], 1, undefined],
    ['none of several', [4, 2, 3, 2, 2], undefined, 'FRAME_REQUIRED'],
    ['one too far', [4, 2, 3, 2, 2], 2, 'FRAME_OUT_OF_RANGE'],
    ['a fraction', [4, 2, 3, 2, 2], 0.5, 'FRAME_OUT_OF_RANGE'],
  ];
  for (const [name, dim, frame, reason] of cases) {
    it(`${name}: ${reason ?? 'taken'}`, async () => {
      const header = await readNiftiHeader({ bytes: syntheticNifti({ dim }) });
      if (reason === undefined) return assertFrame(header, frame);
      assert.throws(
        () => assertFrame(header, frame),
        (error) => error instanceof SextantError && error.reason === reason,
      );
    });
  }
});
