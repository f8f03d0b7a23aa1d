import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { needs, SHARED } from '../test/outside-data.ts';
import { dataconvert, filesIn, writeCt } from './testing/dataconvert.ts';

const SAMPLE = join(import.meta.dirname, '../samples/hippocampus/image.nii.gz');

describe('sextant dataconvert in trouble', function () {
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
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('fails at once where no folder can be made', () => {
    writeCt(input, 2, 16);
    const { status, stderr } = dataconvert('-d', input, '-o', '/proc/x');
    assert.equal(status, 5);
    assert.match(stderr, /FILE_UNWRITABLE: \/proc\/x/);
  });

  it('leaves no folder behind when nothing was converted, so that the same command runs again', () => {
    writeFileSync(join(input, 'readme.txt'), 'no image');
    const wanted = join(output, 'deep/er');
    assert.equal(dataconvert('-d', input, '-o', wanted).status, 3);
    assert.ok(!existsSync(output));
    writeCt(input, 2, 16);
    assert.equal(dataconvert('-d', input, '-o', wanted).status, 0);
  });

  it('names the format asked for, and those that are there instead', () => {
    cpSync(SAMPLE, join(input, 'a.nii.gz'));
    writeFileSync(join(input, 'b.mha'), '');
    const { status, stderr } = dataconvert('-d', input, '-o', output, '-s', '.nrrd');
    assert.equal(status, 3);
    assert.match(stderr, /ends in \.nrrd, but others: 1 \.gz, 1 \.mha.*-s/);
  });

  it('refuses voxels so small that no memory holds them, and names what to change', () => {
    writeCt(input, 3, 64);
    const { status, stdout } = dataconvert('-d', input, '-o', output, '-r', '0.01');
    assert.notEqual(status, 0);
    assert.match(stdout, /VOLUME_TOO_LARGE: .*6400 x 6400 x 300 voxels.*-r.*--volume-limit/);
    cpSync(SAMPLE, join(input, 'a.nii.gz'));
    const image = dataconvert('-d', input, '-o', output, '-f', '-s', '.nii.gz', '-r', '0.01');
    assert.match(image.stdout, /VOLUME_TOO_LARGE.*-r/);
  });

  it('does not wait for a pipe that nobody writes to', () => {
    execFileSync('mkfifo', [join(input, 'pipe.dcm')]);
    const direct = dataconvert('-d', join(input, 'pipe.dcm'), '-o', output);
    assert.match(direct.stderr, /FILE_UNREADABLE.*neither a folder nor a file/);
    writeCt(input, 2, 16);
    assert.equal(dataconvert('-d', input, '-o', output).status, 0);
  });

  it('cuts names that are too long with an ending, and keeps them apart', () => {
    for (const end of ['a', 'b'])
      cpSync(SAMPLE, join(input, `${'x'.repeat(247)}${end}.nii.gz`.slice(-255)));
    const { status, stdout, stderr } = dataconvert(
      '-d',
      input,
      '-o',
      output,
      '-s',
      '.nii.gz',
      '-e',
      '.nrrd',
    );
    assert.equal(status, 0, stdout + stderr);
    assert.equal(filesIn(output).filter((name) => name.endsWith('.nrrd')).length, 2);
  });

  it('makes no shorter volume of a series of which a file has become empty', () => {
    writeCt(input, 4, 16);
    writeFileSync(join(input, '3.dcm'), '');
    const { status, stdout } = dataconvert('-d', input, '-o', output);
    assert.notEqual(status, 0);
    assert.match(stdout, /SERIES_INCOMPLETE: 3\.dcm: /);
    assert.deepEqual(filesIn(output), ['in.json']);
  });

  it('warns where a format keeps a slope that its readers do not apply', () => {
    const scaled = gunzipSync(readFileSync(SAMPLE));
    scaled.writeFloatLE(2, 112);
    writeFileSync(join(input, 'scaled.nii'), scaled);
    for (const [format, notes] of [
      ['.mha', /SCALE_IGNORED/],
      ['.nii.gz', /^(?!.*SCALE_IGNORED)/s],
    ] as const) {
      const out = join(folder, format);
      const { status, stdout } = dataconvert('-d', input, '-o', out, '-s', '.nii', '-e', format);
      assert.equal(status, 0);
      assert.match(stdout, notes);
    }
  });

  it('says of tilted uneven slices both what it made even and what it left sheared', function () {
    const series = join(SHARED, 'data/dicom/series/ct_gantry_tilt_uneven');
    needs(this, series, 'DICOM series');
    const { status, stdout } = dataconvert('-d', series, '-o', output, '--uneven', 'resample');
    assert.equal(status, 0, stdout);
    assert.match(stdout, /UNEVEN_RESAMPLED TILT_SHEARED/);
    const refused = dataconvert('-d', series, '-o', join(folder, 'refused'));
    assert.match(refused.stdout, /SERIES_UNEVEN: .*distances of /);
  });
});
