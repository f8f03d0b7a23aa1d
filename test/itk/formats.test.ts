import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dtype } from '#kernels';
import type { Volume } from '#volume';
import { metaImageFiles, readMetaImage } from '#volume/metaimage';
import { niftiFile, readNifti } from '#volume/nifti';
import { nrrdFile, readNrrd } from '#volume/nrrd';
import { orientations, piecesOf, testVolume, writeFiles } from './images.ts';
import { type ItkInfo, itkImage, itkInfo, needsItk } from './itk-image.ts';

const FORMATS = {
  mha: {
    write: (volume: Volume) =>
      metaImageFiles(volume, piecesOf(volume), { stem: 'image', isOneFile: true }),
    read: readMetaImage,
  },
  mhd: {
    write: (volume: Volume) =>
      metaImageFiles(volume, piecesOf(volume), { stem: 'image', isOneFile: false }),
    read: readMetaImage,
  },
  nrrd: { write: (volume: Volume) => [nrrdFile(volume, piecesOf(volume))], read: readNrrd },
} as const;

const DTYPES: readonly Dtype[] = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'float32',
  'float64',
];

describe('MetaImage and NRRD beside ITK', () => {
  let folder: string;

  before(function () {
    needsItk(this);
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
  });

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  for (const [format, { write, read }] of Object.entries(FORMATS)) {
    it(`.${format}: ITK reads what we write in 96 orientations as it reads our NIfTI`, async function () {
      this.timeout(60_000);
      for (const { name, affine } of orientations()) {
        const volume = testVolume(affine);
        const nifti = await writeFiles(folder, 'image', [niftiFile(volume, piecesOf(volume))]);
        const path = await writeFiles(folder, 'image', write(volume));
        const [ours, known] = [itkInfo(path), itkInfo(nifti)];
        assertSame(ours, known, name);
        // In the end the affine is ours: float64 text keeps it.
        using again = await read({ path });
        assertNear(again.grid.affine, affine, 1e-9, name);
        assert.deepEqual(Buffer.from(again.voxels.bytes()), Buffer.from(volume.voxels.bytes()));
        volume.dispose();
      }
    });

    it(`.${format}: every type is the same in ITK and back`, async () => {
      const { affine } = orientations()[90] ?? assert.fail();
      for (const dtype of DTYPES) {
        const volume = testVolume(affine, { dtype });
        const path = await writeFiles(folder, 'image', write(volume));
        const nifti = await writeFiles(folder, 'image', [niftiFile(volume, piecesOf(volume))]);
        assertSame(itkInfo(path), itkInfo(nifti), dtype);
        const copy = join(folder, `by-itk.${format}`);
        itkImage('convert', path, copy);
        using again = await read({ path: copy });
        assert.equal(again.dtype, dtype);
        assertNear(again.grid.affine, affine, 1e-5, dtype);
        assert.deepEqual(Buffer.from(again.voxels.bytes()), Buffer.from(volume.voxels.bytes()));
        volume.dispose();
      }
    });
  }

  it('keeps slope, intercept, time and type from NIfTI through MetaImage and NRRD', async () => {
    const { affine } = orientations()[50] ?? assert.fail();
    const first = { ...testVolume(affine), scale: { slope: 0.5, intercept: -3 } };
    const mha = await writeFiles(folder, 'image', FORMATS.mha.write(first));
    using second = await readMetaImage({ path: mha });
    const nrrd = await writeFiles(folder, 'image', FORMATS.nrrd.write(second));
    using third = await readNrrd({ path: nrrd });
    const nifti = await writeFiles(folder, 'image', [niftiFile(third, piecesOf(third))]);
    using last = await readNifti({ path: nifti });
    assert.deepEqual(last.scale, first.scale);
    assert.equal(last.dtype, first.dtype);
    assertNear(last.grid.affine, affine, 1e-5, 'affine');
    assert.deepEqual(Buffer.from(last.voxels.bytes()), Buffer.from(first.voxels.bytes()));
    first.dispose();
  });

  it('reads big endian, zlib and text as other tools write them', async () => {
    const { affine } = orientations()[0] ?? assert.fail();
    const volume = testVolume(affine);
    const plain = await writeFiles(folder, 'image', FORMATS.mha.write(volume));
    const text = readFileSync(plain).toString('latin1').split('ElementDataFile = LOCAL\n')[0] ?? '';
    const swapped = Buffer.from(volume.voxels.bytes()).swap16();
    const big = join(folder, 'big.mha');
    const header = text.replace('BinaryDataByteOrderMSB = False', 'BinaryDataByteOrderMSB = True');
    writeFileSync(big, Buffer.concat([Buffer.from(`${header}ElementDataFile = LOCAL\n`), swapped]));
    using fromBig = await readMetaImage({ path: big });
    assert.deepEqual(Buffer.from(fromBig.voxels.bytes()), Buffer.from(volume.voxels.bytes()));
    const numbers = [...volume.voxels.toArray()];
    const ascii = join(folder, 'text.nrrd');
    writeFileSync(
      ascii,
      `NRRD0004\n# a comment\ntype: short\ndimension: 3\nsizes: 7 6 5\nencoding: ascii\n\n${inFileOrder(numbers).join(' ')}\n`,
    );
    using fromText = await readNrrd({ path: ascii });
    assert.deepEqual(Buffer.from(fromText.voxels.bytes()), Buffer.from(volume.voxels.bytes()));
    assert.deepEqual(
      fromText.warnings.map(({ reason }) => reason),
      ['ORIENTATION_UNKNOWN', 'SPACING_UNKNOWN'],
    );
    volume.dispose();
  });
});

/** C order to first axis fastest, for 7 x 6 x 5. */
function inFileOrder(numbers: readonly (number | bigint)[]): (number | bigint)[] {
  return Array.from({ length: 210 }, (_, n) => {
    const [i, j, k] = [n % 7, Math.floor(n / 7) % 6, Math.floor(n / 42)];
    return numbers[(i * 6 + j) * 5 + k] ?? 0;
  });
}

function assertSame(ours: ItkInfo, known: ItkInfo, what: string): void {
  assert.deepEqual(ours.size, known.size, what);
  assert.equal(ours.component, known.component, what);
  assert.equal(ours.sum, known.sum, what);
  assert.equal(ours.weighted, known.weighted, what);
  for (const field of ['spacing', 'origin', 'direction'] as const) {
    assertNear(ours[field], known[field], 1e-5, `${what}: ${field}`);
  }
}

function assertNear(
  a: readonly number[],
  b: readonly number[],
  within: number,
  what: string,
): void {
  const largest = Math.max(...a.map((value, n) => Math.abs(value - (b[n] ?? Number.NaN))));
  assert.ok(largest <= within, `${what}: ${a} and ${b}`);
}
