import assert from 'node:assert/strict';
import { linkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDicomWorkers } from '#dicom/workers';
import { dicomFile } from '../dicom/testing/dicom-file.ts';
import { syntheticNifti } from '../volume/nifti/testing/synthetic.ts';
import { assertImages, findVolumes } from './find-volumes.ts';

describe('finding volumes in files that were renamed', () => {
  let folder: string;
  const workers = startDicomWorkers({ scansHere: true });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  after(() => workers.close());

  /** Files under numbers, as an archive's are. */
  function renamed(files: Readonly<Record<string, Uint8Array>>) {
    return Object.entries(files).map(([name, bytes], n) => {
      const path = join(folder, String(n));
      writeFileSync(path, bytes);
      return { path, name, isRenamed: true };
    });
  }

  it('takes twenty thousand of one folder in little time and memory', async function () {
    this.timeout(60_000);
    const first = join(folder, 'first');
    writeFileSync(first, syntheticNifti());
    const files = Array.from({ length: 20_000 }, (_, n) => {
      const path = join(folder, String(n));
      linkSync(first, path);
      return { path, name: `many/${n}.nii`, isRenamed: true };
    });
    const before = process.memoryUsage().heapUsed;
    const began = performance.now();
    const { volumes } = await findVolumes(files, { workers });
    assert.equal(volumes.length, 20_000);
    assert.equal(volumes.at(-1)?.name, '19999');
    // With a map for each file it is four hundred million entries.
    assert.ok(process.memoryUsage().heapUsed - before < 400e6);
    assert.ok(performance.now() - began < 30_000);
  });

  it('gives each its folder, and a name that no other there has', async () => {
    const series = (uid: string) => dicomFile(slice(uid));
    const { volumes } = await findVolumes(
      renamed({
        'pat1/study/4_MR/1': series('1.1'),
        'pat2/study/4_MR/1': series('1.2'),
        'pat2/study/5_MR/1': series('1.3'),
        'pat2/study/5_MR/2': series('1.4'),
        '../../x.nii': syntheticNifti(),
        'x.nii.gz': syntheticNifti(),
      }),
      { workers },
    );
    assert.deepEqual(volumes.map(({ folder, name }) => `${folder}/${name}`).sort(), [
      '/x',
      '/x_2',
      'pat1/study/4_MR/4_MR',
      'pat2/study/4_MR/4_MR',
      'pat2/study/5_MR/4_MR',
      'pat2/study/5_MR/4_MR_2',
    ]);
  });

  it('names an archive that is not unpacked', async () => {
    for (const [magic, kind] of [
      ['\u00fd7zXZ\0', 'XZ'],
      ['BZh91AY&SY', 'BZIP2'],
      ['(\u00b5/\u00fd', 'ZSTD'],
      ["7z\u00bc\u00af'\u001c", '7Z'],
      ['Rar!\u001a\u0007\0', 'RAR'],
    ] as const) {
      const bytes = Buffer.concat([Buffer.from(magic, 'latin1'), Buffer.alloc(500, 7)]);
      const found = await findVolumes(renamed({ 'ct.tar.what': bytes }), { workers });
      assert.throws(
        () => assertImages(found, 'ct.tar.what'),
        new RegExp(`^SextantError: ct.tar.what: .*1 ${kind}.*\\.zip, \\.tar and \\.tar\\.gz are`),
      );
    }
  });
});

function slice(series: string): Parameters<typeof dicomFile>[0] {
  return [
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.4'],
    ['00080018', 'UI', `${series}.1`],
    ['00080060', 'CS', 'MR'],
    ['0020000E', 'UI', series],
    ['00200011', 'IS', 4],
    ['00200032', 'DS', [0, 0, 0]],
    ['00200037', 'DS', [1, 0, 0, 0, 1, 0]],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', 2],
    ['00280011', 'US', 2],
    ['00280030', 'DS', [1, 1]],
    ['00280100', 'US', 16],
    ['00280101', 'US', 16],
    ['00280102', 'US', 15],
    ['00280103', 'US', 1],
    ['7FE00010', 'OW', new Uint8Array(8)],
  ];
}
