import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Reason, SextantError } from '#errors';
import { isScalar } from '../volume.ts';
import { readNifti, readNiftiHeader } from './read.ts';

/** One file of the collection, as nibabel and a reading byte by byte describe it. */
interface Expected {
  file: string;
  header?: { version: number; endianness: string };
  readable: boolean;
  dims: number[];
  dtype: string;
  slope: number;
  inter: number;
  affineFrom: string;
  affine: number[][];
  md5StoredLittleEndian: string;
  note?: string;
}

const FOLDER = fileURLToPath(new URL('../../../../shared/data/nifti/', import.meta.url));

/** What nibabel cannot read and we refuse too, with our reason. */
const REFUSED: Record<string, Reason> = {
  'nibabel/nifti1.hdr': 'FILE_UNREADABLE',
  'nibabel/nifti2.hdr': 'FILE_UNREADABLE',
  'nibabel/analyze.hdr': 'VOLUME_FORMAT_UNKNOWN',
  'nifti-reader-js/not-nifti.nii': 'VOLUME_FORMAT_UNKNOWN',
  'nifti-jl/empty.nii.gz': 'VOLUME_FORMAT_UNKNOWN',
};

/** Where the standard and nibabel differ, the standard stands. */
const DIFFERENT: Record<string, { note: string; affine?: number[]; dims?: number[] }> = {
  ...Object.fromEntries(
    ['minimal.hdr', 'minimal.hdr.gz', 'minimal.nii', 'minimal.nii.gz'].map((name) => [
      `nifti-rs/${name}`,
      {
        note: 'method 1 of the standard has the origin at voxel 0 and positive steps; nibabel centres the image and points its first axis to the left',
        affine: [3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1],
      },
    ]),
  ),
  'nibabel/row_major.dconn.nii': {
    note: 'nibabel shows the CIFTI matrix; the NIfTI dimensions have four ones before it',
    dims: [1, 1, 1, 1, 10, 10],
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  },
};

/** Images of pairs: opened through their own name they give what their header gives. */
const IMAGES = /\.img(\.gz)?$/;

describe('files of other projects', () => {
  const list = `${FOLDER}expected.json`;
  if (!existsSync(list)) {
    it('are there', function () {
      if (process.env.CI === 'true') assert.fail(`${list} is missing`);
      console.log(`      SKIPPED: ${list} is missing`);
      this.skip();
    });
    return;
  }
  const { files } = JSON.parse(readFileSync(list, 'utf8')) as { files: Expected[] };

  it('are many', () => assert.ok(files.length >= 65));

  for (const expected of files) {
    const { file } = expected;
    if (IMAGES.test(file)) {
      it(`reads ${file} through its header`, () => assertSameAsHeader(file));
    } else if (file === 'nifti-rs/minimal2.hdr') {
      it(`reads ${file} with its compressed image, which nibabel does not look for`, () =>
        assertMixedPair(file));
    } else if (expected.readable) {
      const difference = DIFFERENT[file];
      it(`reads ${file}${difference ? ` (${difference.note})` : ''}`, () => assertRead(expected));
    } else {
      it(`refuses ${file}`, () => assertRefusedAs(file, REFUSED[file] ?? 'VOLUME_FORMAT_UNKNOWN'));
    }
  }
});

async function assertRead(expected: Expected): Promise<void> {
  const { file } = expected;
  const header = await readNiftiHeader({ path: FOLDER + file });
  using volume = await readNifti({ path: FOLDER + file });
  const dims = withoutTrailingOnes(DIFFERENT[file]?.dims ?? expected.dims);
  assert.deepEqual(header.dims, dims);
  assert.equal(header.version, expected.header?.version);
  assert.equal(header.byteOrder, expected.header?.endianness);
  assert.equal(header.affineSource, expected.affineFrom);
  assert.equal(volume.dtype, expected.dtype);
  assert.deepEqual(volume.scale, { slope: expected.slope, intercept: expected.inter });
  const whole = [...dims, 1, 1].slice(0, Math.max(3, dims.length));
  assert.deepEqual(
    isScalar(volume.dtype) ? volume.voxels.shape : volume.voxels.shape.slice(1),
    whole,
  );
  const affine = DIFFERENT[file]?.affine ?? expected.affine.flat();
  volume.grid.affine.forEach((value, index) => {
    const wanted = affine[index] ?? Number.NaN;
    assert.ok(Math.abs(value - wanted) < 1e-6, `${volume.grid.affine} is not ${affine}`);
  });
  const md5 = createHash('md5').update(volume.voxels.bytes()).digest('hex');
  assert.equal(md5, expected.md5StoredLittleEndian);
}

async function assertSameAsHeader(file: string): Promise<void> {
  const header = file.replace('.img', '.hdr').replace('minimal2.hdr.gz', 'minimal2.hdr');
  using byImage = await readNifti({ path: FOLDER + file });
  using byHeader = await readNifti({ path: FOLDER + header });
  assert.deepEqual(byImage.grid, byHeader.grid);
  assert.deepEqual(byImage.voxels.bytes(), byHeader.voxels.bytes());
}

async function assertMixedPair(file: string): Promise<void> {
  using volume = await readNifti({ path: FOLDER + file });
  using twin = await readNifti({ path: `${FOLDER}nifti-rs/minimal.nii` });
  assert.deepEqual(volume.voxels.shape, twin.voxels.shape);
  assert.deepEqual(volume.voxels.bytes(), twin.voxels.bytes());
}

async function assertRefusedAs(file: string, reason: Reason): Promise<void> {
  await assert.rejects(
    readNifti({ path: FOLDER + file }),
    (error) => error instanceof SextantError && error.reason === reason,
  );
}

function withoutTrailingOnes(dims: readonly number[]): number[] {
  const kept = [...dims];
  while (kept.length > 1 && kept.at(-1) === 1) kept.pop();
  return kept;
}
