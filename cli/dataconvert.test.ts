import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spacingOf } from '#geometry';
import { readMetaImage } from '#volume/metaimage';
import { readNifti } from '#volume/nifti';
import { readNrrd } from '#volume/nrrd';
import { needs, SHARED } from '../test/outside-data.ts';
import { dataconvert, filesIn, MAIN, writeCt } from './testing/dataconvert.ts';

const SAMPLE = join(import.meta.dirname, '../samples/hippocampus/image.nii.gz');
const SERIES = join(SHARED, 'data/dicom/series');

describe('sextant dataconvert', function () {
  this.timeout(60_000);
  let folder: string;
  let input: string;
  let output: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
    input = join(folder, 'in');
    output = join(folder, 'out');
    mkdirSync(input);
  });

  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true });
  });

  function copySeries(context: Mocha.Context, series: string, to = series): void {
    needs(context, SERIES, 'DICOM series');
    cpSync(join(SERIES, series), join(input, to), { recursive: true });
  }

  it('keeps the folders, and gives a folder of one series its name', function () {
    copySeries(this, 'ct_3slice_tiny', 'site/case 1');
    copySeries(this, 'mr_mixed_orientations', 'site/scouts');
    writeFileSync(join(input, 'site/case 1/notes.txt'), 'no image');
    const { status, stdout, stderr } = dataconvert('-d', input, '-o', output, '-e', '.nii');
    assert.equal(status, 0, stderr);
    assert.deepEqual(filesIn(output), [
      'site/case 1.json',
      'site/case 1.nii',
      'site/scouts/202_MR.json',
      'site/scouts/202_MR.nii',
      'site/scouts/501_MR.json',
      'site/scouts/501_MR.nii',
    ]);
    assert.match(stdout, /set apart: NOT_DICOM: site\/case 1\/notes\.txt/);
    assert.match(stdout, /3 converted, 0 failed, 1 files set apart/);
  });

  it('reports what was done, and nothing of the patient', function () {
    copySeries(this, 'ct_axial_gtv', 'case');
    assert.equal(dataconvert('-d', input, '-o', output, '-r', '2').status, 0);
    const text = readFileSync(join(output, 'case.json'), 'utf8');
    const report = JSON.parse(text);
    assert.equal(report.source.files.length, 48);
    assert.deepEqual(report.sourceGrid.shape, [161, 143, 48]);
    assert.deepEqual(report.output.grid.shape, [79, 70, 78]);
    assert.deepEqual(
      report.changes.map(({ reason }: { reason: string }) => reason),
      ['RESAMPLED'],
    );
    assert.deepEqual(report.options.spacingMm, [2, 2, 2]);
    assert.doesNotMatch(text, /STS_002\^|PatientName|PatientID/);
  });

  it('writes the others when one fails, and says so by its status', function () {
    copySeries(this, 'ct_axial_missing_slices', 'broken');
    copySeries(this, 'ct_3slice_tiny', 'fine');
    const { status, stdout } = dataconvert('-d', input, '-o', output);
    assert.notEqual(status, 0);
    assert.ok(existsSync(join(output, 'fine.nii.gz')));
    assert.ok(!existsSync(join(output, 'broken.nii.gz')));
    assert.match(stdout, /failed: .*SERIES_UNEVEN.*--uneven/);
    const report = JSON.parse(readFileSync(join(output, 'broken.json'), 'utf8'));
    assert.equal(report.failure.reason, 'SERIES_UNEVEN');
    rmSync(output, { recursive: true });
    for (const uneven of ['keep', 'resample']) {
      assert.equal(dataconvert('-d', input, '-o', output, '-f', '--uneven', uneven).status, 0);
      const told = JSON.parse(readFileSync(join(output, 'broken.json'), 'utf8'));
      const reasons = [...told.changes, ...told.warnings].map(({ reason }) => reason);
      assert.deepEqual(reasons, [uneven === 'keep' ? 'UNEVEN_KEPT' : 'UNEVEN_RESAMPLED']);
    }
  });

  it('never makes a shorter volume of a series with a broken file', function () {
    copySeries(this, 'ct_3slice_tiny', 'case');
    const [first = ''] = readdirSync(join(input, 'case'));
    const path = join(input, 'case', first);
    writeFileSync(path, readFileSync(path).subarray(0, 1500));
    const { status, stdout } = dataconvert('-d', input, '-o', output);
    assert.notEqual(status, 0);
    assert.match(stdout, new RegExp(`SERIES_INCOMPLETE.*${first}`));
    assert.ok(!existsSync(join(output, 'case.nii.gz')));
  });

  it('goes from NIfTI to every format and back', async () => {
    cpSync(SAMPLE, join(input, 'image.nii.gz'));
    using original = await readNifti({ path: SAMPLE });
    const readers = {
      '.mha': readMetaImage,
      '.mhd': readMetaImage,
      '.nrrd': readNrrd,
      '.nii': readNifti,
    };
    for (const [format, read] of Object.entries(readers)) {
      const there = join(folder, `to${format}`);
      const to = dataconvert('-d', input, '-o', there, '-s', '.nii.gz', '-e', format);
      assert.equal(to.status, 0, to.stderr);
      using between = await read({ path: join(there, `image${format}`) });
      assert.deepEqual(Buffer.from(between.voxels.bytes()), Buffer.from(original.voxels.bytes()));
      const back = join(folder, `from${format}`);
      const from = dataconvert('-d', there, '-o', back, '-s', format, '-e', '.nii.gz');
      assert.equal(from.status, 0, from.stderr);
      using again = await readNifti({ path: join(back, 'image.nii.gz') });
      assert.deepEqual(again.scale, original.scale);
      assert.equal(again.dtype, original.dtype);
      for (const [n, value] of again.grid.affine.entries()) {
        assert.ok(Math.abs(value - (original.grid.affine[n] ?? 0)) < 1e-5);
      }
    }
  });

  it('keeps label values when it resamples labels', async () => {
    cpSync(
      join(import.meta.dirname, '../samples/hippocampus/image.nii.gz'),
      join(input, 'a.nii.gz'),
    );
    const linear = dataconvert('-d', input, '-o', output, '-s', '.nii.gz', '-r', '1.5', '0.7', '2');
    assert.equal(linear.status, 0, linear.stderr);
    const labels = join(folder, 'labels');
    assert.equal(
      dataconvert('-l', '-d', input, '-o', labels, '-s', '.nii.gz', '-r', '1.5,0.7,2').status,
      0,
    );
    using original = await readNifti({ path: SAMPLE });
    const known = new Set<unknown>([...original.voxels.toArray()]);
    using nearest = await readNifti({ path: join(labels, 'a.nii.gz') });
    using mixed = await readNifti({ path: join(output, 'a.nii.gz') });
    assert.ok([...nearest.voxels.toArray()].every((value) => known.has(value)));
    assert.notDeepEqual(mixed.voxels.toArray(), nearest.voxels.toArray());
    const spacing = spacingOf(nearest.grid.affine).map((mm) => Number(mm.toFixed(5)));
    assert.deepEqual(spacing, [1.5, 0.7, 2]);
  });

  it('refuses an output folder that is there unless -f allows it', function () {
    copySeries(this, 'ct_3slice_tiny', 'case');
    mkdirSync(output);
    writeFileSync(join(output, 'mine.txt'), 'kept');
    const refused = dataconvert('-d', input, '-o', output);
    assert.equal(refused.status, 5);
    assert.match(refused.stderr, /OUTPUT_EXISTS.*-f/);
    assert.deepEqual(filesIn(output), ['mine.txt']);
    assert.equal(dataconvert('-d', input, '-o', output, '-f').status, 0);
    assert.deepEqual(filesIn(output), ['case.json', 'case.nii.gz', 'mine.txt']);
  });

  it('says what there is instead, where there is no image', () => {
    writeFileSync(join(input, 'readme.txt'), 'no image');
    const { status, stderr } = dataconvert('-d', input, '-o', output);
    assert.equal(status, 3);
    assert.match(stderr, /NO_IMAGES.*1 NOT_DICOM/);
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    assert.match(dataconvert('-d', empty, '-o', join(folder, 'x')).stderr, /NO_IMAGES.*no files/);
    const missing = dataconvert('-d', join(folder, 'nowhere'), '-o', join(folder, 'y'));
    assert.match(missing.stderr, /FILE_UNREADABLE.*nowhere/);
    assert.equal(missing.status, 4);
  });

  it('names what is wrong on the command line', () => {
    const wrong: [string[], RegExp][] = [
      [['-d', input], /-o: expected the folder to write to/],
      [['-o', output], /-d: expected the folder with the images/],
      [['-d', input, '-o', output, '-r', '0'], /-r: expected one spacing or three/],
      [['-d', input, '-o', output, '-r', '1', '2'], /-r: expected one spacing or three/],
      [['-d', input, '-o', output, 'extra'], /command line: .*got the word "extra"/],
      [['-d', input, '-o', output, '-r', '1', 'extra'], /command line: .*the word "extra"/],
      [['-d', input, '-d', input, '-o', output], /-d: expected one: .*got two values/],
      [['-d', input, '-o', output, '-e', '.png'], /-e: expected \.nii, \.nii\.gz/],
      [['-d', input, '-o', output, '--unevn', 'keep'], /did you mean --uneven/],
    ];
    for (const [words, message] of wrong) {
      const { status, stderr } = dataconvert(...words);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
    }
    assert.ok(!existsSync(output));
  });

  it('leaves no half file when the disk is full', function () {
    // Enough that room is asked for before anything is written.
    writeCt(input, 40, 512);
    mkdirSync(output);
    const mounted =
      'mount -t tmpfs -o size=4m tmpfs "$0" && node "$1" dataconvert -d "$2" -o "$0/x" -e .nii; echo "status $?"; ls -A "$0/x"';
    const ran = spawnSync('unshare', ['-Urm', 'sh', '-c', mounted, output, MAIN, input], {
      encoding: 'utf8',
    });
    if (!/status/.test(ran.stdout)) {
      console.log(`      SKIPPED: no small file system here: ${ran.stderr || ran.error}`);
      this.skip();
    }
    assert.match(ran.stderr, /FILE_UNWRITABLE.*a disk that is full/);
    assert.match(ran.stdout, /status 5\n$/, 'nothing is left');
  });

  it('says so when it may not write', () => {
    if (process.getuid?.() === 0) {
      const file = join(folder, 'file');
      writeFileSync(file, '');
      const { status, stderr } = dataconvert('-d', input, '-o', join(file, 'out'));
      assert.equal(status, 5);
      assert.match(stderr, /FILE_UNWRITABLE/);
      return;
    }
    chmodSync(folder, 0o500);
    const { status, stderr } = dataconvert('-d', input, '-o', output);
    assert.equal(status, 5);
    assert.match(stderr, /FILE_UNWRITABLE/);
  });

  it('leaves no half file when it is interrupted', async () => {
    writeCt(input, 120, 512);
    const child = spawn(process.execPath, [
      MAIN,
      'dataconvert',
      '-d',
      input,
      '-o',
      output,
      '-e',
      '.nii.gz',
      '--level',
      '9',
    ]);
    const ended = once(child, 'exit');
    await partOf(output, child);
    child.kill('SIGINT');
    const [status] = await ended;
    assert.equal(status, 130);
    assert.ok(!existsSync(output), 'nothing is left');
  });

  it('gives two images of one name two names', () => {
    cpSync(SAMPLE, join(input, 'a.nii.gz'));
    mkdirSync(join(input, 'a'));
    writeCt(join(input, 'a'), 2, 16);
    assert.equal(dataconvert('-d', input, '-o', output, '-s', 'any').status, 0);
    assert.deepEqual(
      filesIn(output).filter((name) => name.endsWith('.nii.gz')),
      ['a.nii.gz', 'a_2.nii.gz'],
    );
  });

  it('is called tlt-dataconvert as well', () => {
    writeCt(input, 2, 16);
    const alias = join(folder, 'tlt-dataconvert');
    symlinkSync(MAIN, alias);
    const words = [alias, '-d', input, '-r', '1', '-s', '.dcm', '-e', '.nii.gz', '-o', output];
    assert.equal(spawnSync(process.execPath, words).status, 0);
    assert.ok(existsSync(join(output, 'in.nii.gz')));
  });
});

/** Waits until a part file is there, or the program has ended too soon. */
async function partOf(folder: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const names = existsSync(folder) ? readdirSync(folder) : [];
    if (names.some((name) => name.endsWith('.part'))) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert.fail('it ended before it was interrupted');
}
