import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SextantError } from '#errors';
import type { Affine } from '#geometry';
import type { ImageFile } from '../image-file.ts';
import type { VoxelType } from '../volume.ts';
import { niftiFile } from './nifti-file.ts';
import { readNifti } from './read.ts';
import { askNibabel } from './testing/nibabel.ts';
import type { HeaderContent } from './write-header.ts';

/** Type, its bytes, and what NumPy calls it. */
const TYPES: readonly (readonly [VoxelType, number, string])[] = [
  ['uint8', 1, 'uint8'],
  ['int8', 1, 'int8'],
  ['uint16', 2, 'uint16'],
  ['int16', 2, 'int16'],
  ['uint32', 4, 'uint32'],
  ['int32', 4, 'int32'],
  ['uint64', 8, 'uint64'],
  ['int64', 8, 'int64'],
  ['float32', 4, 'float32'],
  ['float64', 8, 'float64'],
  ['complex64', 8, 'complex64'],
  ['complex128', 16, 'complex128'],
  ['rgb24', 3, "[('R', 'u1'), ('G', 'u1'), ('B', 'u1')]"],
  ['rgba32', 4, "[('R', 'u1'), ('G', 'u1'), ('B', 'u1'), ('A', 'u1')]"],
];

const SHAPE = [5, 4, 3] as const;

const AFFINES: Readonly<Record<string, { affine: Affine; qformCode: number }>> = {
  oblique: {
    affine: [0.8, -0.6, 0, -100, 0.48, 0.64, -0.6, 20, 0.36, 0.48, 0.8, 7, 0, 0, 0, 1],
    qformCode: 1,
  },
  flipped: { affine: [-2, 0, 0, 9, 0, -3, 0, 8, 0, 0, -4, 7, 0, 0, 0, 1], qformCode: 1 },
  sheared: { affine: [1, 0, 0, 5, 0, 1, -0.9, 6, 0, 0, 3, 7, 0, 0, 0, 1], qformCode: 0 },
};

describe('a NIfTI file of pieces', function () {
  this.timeout(20_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nifti-file-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const gzip of [false, true]) {
    it(`is read alike by nibabel: every type, 3D and 4D, ${gzip ? 'compressed' : 'plain'}`, async function () {
      const expected: { frames: number; type: string; md5: string }[] = [];
      const paths: string[] = [];
      for (const [dtype, size, type] of TYPES) {
        for (const frames of [1, 2]) {
          const voxels = randomBytes(60 * frames * size);
          if (dtype.startsWith('float') || dtype.startsWith('complex')) voxels.fill(64);
          const grid = { shape: SHAPE, affine: AFFINES.oblique?.affine as Affine };
          const path = join(folder, `${dtype}-${frames}.nii${gzip ? '.gz' : ''}`);
          const file = niftiFile({ grid, dtype, frames }, inPieces(voxels, 7), { gzip });
          await writeFile(path, await whole(file));
          paths.push(path);
          expected.push({ frames, type, md5: createHash('md5').update(voxels).digest('hex') });
        }
      }
      const answers = askNibabel(this, paths);
      for (const [n, { frames, type, md5 }] of expected.entries()) {
        const { shape, dtype, md5: read } = answers[n] as (typeof answers)[number];
        assert.deepEqual(shape, frames === 1 ? [...SHAPE] : [...SHAPE, frames], paths[n]);
        assert.equal(dtype, type, paths[n]);
        assert.equal(read, md5, paths[n]);
      }
    });
  }

  it('places oblique, flipped and sheared images where nibabel finds them', async function () {
    const paths: string[] = [];
    for (const [name, { affine }] of Object.entries(AFFINES)) {
      const path = join(folder, `${name}.nii`);
      await writeFile(path, await whole(niftiFile(content({ affine }), voxelsOf(60))));
      paths.push(path);
    }
    const answers = askNibabel(this, paths);
    for (const [n, { affine, qformCode }] of Object.values(AFFINES).entries()) {
      const read = answers[n] as (typeof answers)[number];
      assert.deepEqual(read.affine, affine.map(Math.fround), paths[n]);
      assert.deepEqual(read.codes, [qformCode, 1], paths[n]);
      if (read.qform === null) continue;
      for (const [at, value] of read.qform.entries())
        assert.ok(Math.abs(value - (affine[at] as number)) < 1e-4, `${paths[n]}: ${read.qform}`);
    }
  });

  it('says the step in time in seconds, and slope, intercept and description', async function () {
    const path = join(folder, 'time.nii');
    const file = niftiFile(
      content({ frames: 3, timeStepSeconds: 2.5, scale: { slope: 2, intercept: -1024 } }),
      voxelsOf(180),
    );
    await writeFile(path, await whole(file));
    const [read] = askNibabel(this, [path]);
    assert.deepEqual(read?.zooms.slice(3), [2.5]);
    assert.deepEqual(read?.slope, [2, -1024]);
    using volume = await readNifti({ path });
    assert.equal(volume.frames, 3);
    assert.equal(volume.timeStepSeconds, 2.5);
  });

  it('is the same file for the same image, however its voxels come, and beneath its compression', async () => {
    const voxels = randomBytes(60 * 2);
    const once = await whole(niftiFile(content({}), inPieces(voxels, 120)));
    assert.deepEqual(await whole(niftiFile(content({}), inPieces(voxels, 11))), once);
    const packed = await whole(niftiFile(content({}), inPieces(voxels, 11), { gzip: true }));
    assert.deepEqual(gunzipSync(packed), once);
    assert.equal(once.length, 352 + 120);
  });

  it('refuses an axis that NIfTI-1 cannot count', () => {
    const grid = { shape: [32768, 1, 1] as const, affine: AFFINES.flipped?.affine as Affine };
    assert.throws(
      () => niftiFile({ grid, dtype: 'uint8' }, voxelsOf(1)),
      (error) => error instanceof SextantError && error.reason === 'VOLUME_TOO_LARGE',
    );
  });
});

function content({
  affine = AFFINES.flipped?.affine as Affine,
  ...more
}: Partial<HeaderContent> & { affine?: Affine }): HeaderContent {
  return { grid: { shape: SHAPE, affine }, dtype: 'int16', ...more };
}

function voxelsOf(count: number): AsyncIterable<Uint8Array> {
  return inPieces(randomBytes(count * 2), 64);
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function whole({ pieces }: ImageFile): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece.slice());
  return Buffer.concat(all);
}
