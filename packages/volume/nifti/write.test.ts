import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Affine, type Grid, perAxis, spacingOf, type Vec3 } from '#geometry';
import { type Dtype, Tensor } from '#kernels';
import { readNifti, readNiftiHeader } from './read.ts';
import { askNibabel, type NibabelAnswer } from './testing/nibabel.ts';
import { assertRefused } from './testing/refusal.ts';
import { type NiftiImage, writeNifti } from './write.ts';

const DTYPES: readonly Dtype[] = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float32',
  'float64',
];

const AFFINES: Record<string, Affine> = {
  identity: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  'anisotropic LPS': [-0.7, 0, 0, 90, 0, -1.3, 0, 126, 0, 0, 5, -72, 0, 0, 0, 1],
  'left-handed': [1, 0, 0, 3, 0, 1, 0, 4, 0, 0, -2, 5, 0, 0, 0, 1],
  permuted: [0, 2, 0, 0, 0, 0, -2, 0, 3, 0, 0, 0, 0, 0, 0, 1],
  'a half turn': [-1, 0, 0, 10, 0, -1, 0, 20, 0, 0, 1, 30, 0, 0, 0, 1],
  oblique: [0.8, -0.6, 0, -100, 0.48, 0.64, -0.6, 20, 0.36, 0.48, 0.8, 7, 0, 0, 0, 1],
};

const SHEARED: Affine = [1, 0.2, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

describe('writing NIfTI', () => {
  for (const dtype of DTYPES) {
    it(`gives back ${dtype} voxels, grid and scale, plain and compressed`, async () => {
      for (const [name, affine] of Object.entries({ ...AFFINES, SHEARED })) {
        using voxels = counting(dtype, [3, 4, 5]);
        const scale = { slope: 0.5, intercept: -3 };
        const image = { grid: { shape: [3, 4, 5] as Vec3, affine }, dtype, voxels, scale };
        for (const gzip of [false, true]) {
          const bytes = await writeNifti(image, { gzip });
          using volume = await readNifti({ bytes });
          assert.deepEqual(volume.grid.shape, [3, 4, 5]);
          assert.deepEqual(volume.grid.affine, affine.map(Math.fround), name);
          assert.deepEqual(volume.voxels.toArray(), voxels.toArray());
          assert.deepEqual(volume.scale, scale);
          assert.deepEqual(volume.warnings, []);
        }
      }
    });
  }

  it('brings any strides into file order', async () => {
    using stored = counting('int16', [5, 3, 4]);
    using view = stored.permute([1, 2, 0]);
    using flipped = view.flip([0, 2]);
    using turned = flipped.slice(1, 1, 4);
    const affine = AFFINES.identity ?? [];
    const grid: Grid = { shape: [3, 3, 5], affine };
    const bytes = await writeNifti({ grid, dtype: 'int16', voxels: turned });
    using volume = await readNifti({ bytes });
    assert.deepEqual(volume.voxels.toArray(), turned.toArray());
  });

  it('converts to the type asked for', async () => {
    const grid: Grid = { shape: [2, 2, 1], affine: AFFINES.identity ?? [] };
    using voxels = Tensor.fromArray('float32', [2, 2, 1], [-1, 0.4, 254.6, 300]);
    using volume = await readNifti({ bytes: await writeNifti({ grid, dtype: 'uint8', voxels }) });
    assert.deepEqual([...volume.voxels.toArray()], [0, 0, 255, 255]);
  });

  it('gives the same bytes for the same image', async () => {
    using voxels = counting('uint8', [3, 4, 5]);
    const image = {
      grid: { shape: [3, 4, 5] as Vec3, affine: AFFINES.oblique ?? [] },
      dtype: 'uint8' as const,
      voxels,
    };
    assert.deepEqual(
      await writeNifti(image, { gzip: true }),
      await writeNifti(image, { gzip: true }),
    );
  });

  it('writes a qform wherever there is no shear', async () => {
    for (const [name, affine] of Object.entries({ ...AFFINES, SHEARED })) {
      using voxels = counting('uint8', [3, 4, 5]);
      const bytes = await writeNifti({
        grid: { shape: [3, 4, 5], affine },
        dtype: 'uint8',
        voxels,
      });
      const qformCode = new DataView(bytes.buffer, bytes.byteOffset).getInt16(252, true);
      assert.equal(qformCode, name === 'SHEARED' ? 0 : 1, name);
    }
  });

  it('comes back without a warning for any rotation, spacing and size', async () => {
    const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
    const spacing = fc.double({ min: 0.05, max: 20, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(angle, angle, angle),
        fc.tuple(spacing, spacing, spacing),
        fc.boolean(),
        async ([a, b, c], lengths, mirrored) => {
          const affine = turned([a, b, c], lengths, mirrored ? -1 : 1);
          const shape: Vec3 = [400, 1, 1];
          using voxels = Tensor.empty('uint8', shape, { order: 'F' });
          const bytes = await writeNifti({ grid: { shape, affine }, dtype: 'uint8', voxels });
          const header = await readNiftiHeader({ bytes });
          assert.deepEqual(header.grid.affine, affine.map(Math.fround));
          assert.deepEqual(header.warnings, []);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('refuses voxels of another shape, and axes that NIfTI-1 cannot count', async () => {
    const affine = AFFINES.identity ?? [];
    using voxels = counting('uint8', [3, 4, 5]);
    const other = writeNifti({ grid: { shape: [3, 4, 6], affine }, dtype: 'uint8', voxels });
    await assertRefused(other, 'ARGUMENT_INVALID', /3 x 4 x 6, got shape 3 x 4 x 5/);
    using long = Tensor.empty('uint8', [40000, 1, 1], { order: 'F' });
    const beyond = writeNifti({
      grid: { shape: [40000, 1, 1], affine },
      dtype: 'uint8',
      voxels: long,
    });
    await assertRefused(beyond, 'VOLUME_TOO_LARGE', /32767.*40000/);
  });

  it('stops when the signal fires', async () => {
    using voxels = Tensor.empty('uint8', [300, 300, 300]);
    const image = {
      grid: { shape: [300, 300, 300] as Vec3, affine: AFFINES.identity ?? [] },
      dtype: 'uint8' as const,
      voxels,
    };
    const writing = writeNifti(image, { gzip: true, signal: AbortSignal.abort() });
    await assertRefused(writing, 'CANCELLED');
  });

  it('is what nibabel reads', async function () {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-nifti-'));
    try {
      const written = await writeAll(folder);
      const answers = askNibabel(
        this,
        written.map(({ path }) => path),
      );
      assert.equal(answers.length, written.length);
      answers.forEach((answer, index) => {
        const image = written[index]?.image;
        assert.ok(image);
        assertSameAsNibabel(image, answer);
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

async function writeAll(folder: string): Promise<{ path: string; image: NiftiImage }[]> {
  const affines = Object.values({ ...AFFINES, SHEARED });
  const images = [...DTYPES, ...DTYPES].map((dtype, index): NiftiImage => {
    const affine = affines[index % affines.length] ?? [];
    const scale = index % 2 === 0 ? { slope: 1, intercept: 0 } : { slope: 0.25, intercept: 7 };
    const description = `image ${index}`;
    const shape: Vec3 = [3, 4, 5];
    return { grid: { shape, affine }, dtype, voxels: counting(dtype, shape), scale, description };
  });
  return Promise.all(
    images.map(async (image, index) => {
      const gzip = index % 3 === 0;
      const path = join(folder, `${index}.nii${gzip ? '.gz' : ''}`);
      await writeFile(path, await writeNifti(image, { gzip }));
      return { path, image };
    }),
  );
}

function assertSameAsNibabel(image: NiftiImage, answer: NibabelAnswer): void {
  const { grid, dtype, voxels, scale, description } = image;
  const sheared = grid.affine === SHEARED;
  assert.deepEqual(answer.shape, grid.shape);
  assert.equal(answer.dtype, dtype);
  assert.deepEqual(answer.affine, grid.affine.map(Math.fround));
  assert.deepEqual(answer.codes, [sheared ? 0 : 1, 1]);
  assert.equal(answer.qform === null, sheared);
  answer.qform?.forEach((value, index) => {
    assert.ok(Math.abs(value - (grid.affine[index] ?? Number.NaN)) < 1e-5, `${answer.qform}`);
  });
  assert.deepEqual(answer.zooms, spacingOf(grid.affine.map(Math.fround)).map(Math.fround));
  assert.equal(answer.units, 'mm');
  assert.deepEqual(answer.slope, [scale?.slope, scale?.intercept]);
  assert.equal(answer.description, description);
  assert.equal(answer.md5, createHash('md5').update(voxels.bytes()).digest('hex'));
}

/** 0, 1, 2 … in file order; the last is negative where that can be. */
function counting(dtype: Dtype, shape: Vec3): Tensor {
  const count = shape[0] * shape[1] * shape[2];
  const values = Array.from({ length: count }, (_, n) => n);
  if (!dtype.startsWith('uint')) values[count - 1] = -7;
  return Tensor.fromArray(dtype, shape, values, { order: 'F' });
}

function turned([a, b, c]: Vec3, spacing: Vec3, handed: number): Affine {
  const [ca, sa, cb, sb, cc, sc] = [a, b, c].flatMap((x) => [Math.cos(x), Math.sin(x)]) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const rows: readonly Vec3[] = [
    [ca * cb, ca * sb * sc - sa * cc, ca * sb * cc + sa * sc],
    [sa * cb, sa * sb * sc + ca * cc, sa * sb * cc - ca * sc],
    [-sb, cb * sc, cb * cc],
  ];
  const sign: Vec3 = [1, 1, handed];
  const linear = rows.map((row) => perAxis((axis) => row[axis] * spacing[axis] * sign[axis]));
  return [...linear.flatMap((row, n) => [...row, [-90, 45.5, 300][n] ?? 0]), 0, 0, 0, 1];
}
