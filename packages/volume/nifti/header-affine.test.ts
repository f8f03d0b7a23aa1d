import assert from 'node:assert/strict';
import { readNiftiHeader } from './read.ts';
import { type SyntheticImage, syntheticNifti } from './testing/synthetic.ts';

/** An affine that a header must give. */
interface Case {
  name: string;
  image: SyntheticImage;
  affine: readonly number[];
  source: 'sform' | 'qform' | 'pixdim';
  warnings?: readonly string[];
}

const SFORM = [0, -2, 0, 10, 3, 0, 0, 20, 0, 0, 4, 30];
const half = Math.SQRT1_2;

const CASES: readonly Case[] = [
  {
    name: 'the sform when both have a code, whichever code is larger',
    image: {
      sformCode: 1,
      qformCode: 4,
      sform: SFORM,
      quaternion: [0, 0, half],
      pixdim: [1, 3, 2, 4],
      offset: [10, 20, 30],
    },
    affine: [...SFORM, 0, 0, 0, 1],
    source: 'sform',
  },
  {
    name: 'the sform with a warning when the qform says otherwise',
    image: {
      sform: SFORM,
      qformCode: 1,
      quaternion: [0, 0, half],
      pixdim: [1, 3, 2, 4],
      offset: [10, 20, 30.01],
    },
    affine: [...SFORM, 0, 0, 0, 1],
    source: 'sform',
    warnings: ['AFFINES_DIFFER'],
  },
  {
    name: 'the sform with a warning when the qform is no affine',
    image: { sform: SFORM, qformCode: 1, quaternion: [Number.NaN, 0, 0] },
    affine: [...SFORM, 0, 0, 0, 1],
    source: 'sform',
    warnings: ['AFFINES_DIFFER'],
  },
  {
    name: 'the qform when the sform has no code, with qfac',
    image: {
      sformCode: 0,
      qformCode: 1,
      sform: SFORM,
      quaternion: [0, 0, half],
      pixdim: [-1, 3, 2, 4],
      offset: [10, 20, 30],
    },
    affine: [0, -2, 0, 10, 3, 0, 0, 20, 0, 0, -4, 30, 0, 0, 0, 1],
    source: 'qform',
  },
  {
    name: 'the qform of a half turn whose quaternion is too long by rounding',
    image: { sformCode: 0, qformCode: 2, quaternion: [0.6, 0.8000001, 0], pixdim: [0, 1, 1, 1] },
    affine: [-0.28, 0.96, 0, 0, 0.96, 0.28, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1],
    source: 'qform',
  },
  {
    name: 'the qform without the sign of its spacing, with a warning',
    image: { sformCode: 0, qformCode: 1, pixdim: [1, -3, 2, 4] },
    affine: [3, 0, 0, 0, 0, 2, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1],
    source: 'qform',
    warnings: ['SPACING_NEGATIVE'],
  },
  {
    name: 'spacing from voxel 0 when neither has a code',
    image: {
      sformCode: 0,
      qformCode: 0,
      sform: SFORM,
      pixdim: [-1, 3, 2, 4],
      offset: [10, 20, 30],
    },
    affine: [3, 0, 0, 0, 0, 2, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1],
    source: 'pixdim',
    warnings: ['ORIENTATION_UNKNOWN'],
  },
  {
    name: 'negative codes as none',
    image: { sformCode: -1, qformCode: -5, sform: SFORM },
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    source: 'pixdim',
    warnings: ['ORIENTATION_UNKNOWN'],
  },
  {
    name: 'a spacing of 1 where an axis of one voxel has 0',
    image: { sformCode: 0, dim: [3, 6, 4, 1], pixdim: [1, 3, 2, 0] },
    affine: [3, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    source: 'pixdim',
    warnings: ['ORIENTATION_UNKNOWN'],
  },
  {
    name: 'millimetres of metres',
    image: { units: 1 | 8, sform: [0.002, 0, 0, 0.1, 0, 0.002, 0, 0, 0, 0, 0.002, -0.05] },
    affine: [2, 0, 0, 100, 0, 2, 0, 0, 0, 0, 2, -50, 0, 0, 0, 1],
    source: 'sform',
    warnings: ['UNITS_CONVERTED'],
  },
  {
    name: 'millimetres of micrometres',
    image: { units: 3, sformCode: 0, pixdim: [1, 500, 250, 1000] },
    affine: [0.5, 0, 0, 0, 0, 0.25, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    source: 'pixdim',
    warnings: ['UNITS_CONVERTED', 'ORIENTATION_UNKNOWN'],
  },
];

describe('the affine of a header', () => {
  for (const { name, image, affine, source, warnings = [] } of CASES) {
    it(`is ${name}`, async () => {
      for (const version of [1, 2] as const) {
        for (const order of ['little', 'big'] as const) {
          const bytes = syntheticNifti({ ...image, version, order });
          const header = await readNiftiHeader({ bytes });
          assert.equal(header.affineSource, source);
          assertClose(header.grid.affine, affine, version === 1 ? 1e-5 : 1e-6);
          assert.deepEqual(
            header.warnings.map(({ reason }) => reason),
            warnings,
          );
        }
      }
    });
  }

  it('keeps the digits of NIfTI-2', async () => {
    const sform = [1.0000000001, 0, 0, 1e-9, 0, 1, 0, 0, 0, 0, 1, 0];
    const { grid } = await readNiftiHeader({ bytes: syntheticNifti({ version: 2, sform }) });
    assert.deepEqual(grid.affine.slice(0, 12), sform);
  });

  it('warns from 1e-3 mm at the farthest corner on', async () => {
    for (const [difference, warned] of [
      [0.0005, false],
      [0.0015, true],
    ] as const) {
      const offset = [difference, 0, 0];
      const bytes = syntheticNifti({ version: 2, qformCode: 1, offset });
      const { warnings } = await readNiftiHeader({ bytes });
      assert.equal(warnings.length === 1, warned, JSON.stringify(warnings));
    }
  });
});

function assertClose(
  actual: readonly number[],
  wanted: readonly number[],
  tolerance: number,
): void {
  actual.forEach((value, index) => {
    const difference = Math.abs(value - (wanted[index] ?? Number.NaN));
    assert.ok(difference <= tolerance, `${actual} is not ${wanted}`);
  });
}
