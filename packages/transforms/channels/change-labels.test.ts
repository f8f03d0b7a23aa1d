import assert from 'node:assert/strict';
import type { Vec3 } from '#geometry';
import { ImageFolder, prepared, valuesOf } from '../testing/chains.ts';

const SHAPE: Vec3 = [9, 5, 5];
const LOAD = { name: 'LoadNifty', fields: ['label'] };

/** Two shells beside each other, of `left` and `right`, around a voxel of 0 each. */
function shells(left: number, right: number): number[] {
  return Array.from({ length: 9 * 5 * 5 }, (_, n) => {
    const [x, y, z] = [n % 9, Math.floor(n / 9) % 5, Math.floor(n / 45)];
    const isShell = [x % 4, y, z].every((at) => at >= 1 && at <= 3);
    const isHole = x % 4 === 2 && y === 2 && z === 2;
    if (!isShell || isHole) return 0;
    return x < 4 ? left : right;
  });
}

const HOLES = [2, 6].map((x) => (x * 5 + 2) * 5 + 2);

describe('transforms of labels', () => {
  let folder: ImageFolder;
  before(() => {
    folder = new ImageFolder();
  });
  after(() => folder[Symbol.dispose]());

  const made = async (values: readonly number[], transform: object) => {
    const label = await folder.image('label.nii', { shape: SHAPE, values, dtype: 'int16' });
    return await prepared([LOAD, transform], { files: { label: [label] } });
  };

  it('fill a hole with the label that encloses it, unless told which', async () => {
    const fill = { name: 'FillHoles', fields: 'label' };
    for (const [transform, expected] of [
      [fill, [2, 7]],
      [{ ...fill, applied_labels: [7] }, [0, 7]],
    ] as const) {
      using fields = await made(shells(2, 7), transform);
      const values = valuesOf(fields, 'label');
      assert.deepEqual(
        HOLES.map((at) => values[at]),
        expected,
      );
      assert.deepEqual(new Set(values), new Set([0, 2, 7]));
    }
  });

  it('refuse labels that they cannot tell apart', async () => {
    const transforms = [
      { name: 'FillHoles', fields: 'label' },
      { name: 'KeepLargestConnectedComponent', fields: 'label' },
      {
        name: 'CropForegroundObject',
        ...{ size: [4, 4, 4], image_field: 'label', label_field: 'label' },
        foreground_only: false,
      },
    ];
    for (const transform of transforms) {
      for (const [labels, range] of [
        [shells(300, 1000), 'from 0 to 1000'],
        [shells(-4, 1), 'from -4 to 1'],
      ] as const) {
        await assert.rejects(made(labels, transform), {
          reason: 'ARGUMENT_INVALID',
          message: new RegExp(`\\blabel: expected labels from 0 to 255, got labels ${range};`),
        });
      }
      (await made(shells(254, 255), transform))[Symbol.dispose]();
    }
  });
});
