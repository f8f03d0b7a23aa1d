import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { dataconvert, filesIn, writeCt } from './testing/dataconvert.ts';
import { niftiFile } from './testing/nifti-file.ts';

const SAMPLE = join(import.meta.dirname, '../samples/hippocampus/image.nii.gz');

describe('sextant dataconvert of images that are no DICOM', function () {
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
  const put = (name: string, content: Uint8Array | string) =>
    writeFileSync(join(input, name), content);
  const report = (name: string) => JSON.parse(readFileSync(join(output, name), 'utf8'));

  it('fails for each that is named like one and cannot be read, and writes the others', () => {
    const good = gzipSync(niftiFile({ dims: [6, 5, 4] }));
    const flipped = Uint8Array.from(good);
    flipped[good.length - 8] = (good[good.length - 8] ?? 0) ^ 0x10;
    put('good.nii.gz', good);
    put('empty.nii.gz', '');
    put('random.nii.gz', Buffer.from(Uint8Array.from({ length: 900 }, (_, n) => (n * n * 7) >> 3)));
    put('flipped.nii.gz', flipped);
    put('cut.nii.gz', good.subarray(0, 60));
    const { status, stdout } = dataconvert(
      '-d',
      input,
      '-o',
      output,
      '-s',
      '.nii.gz',
      '-e',
      '.nii',
    );
    assert.equal(status, 3, stdout);
    assert.deepEqual(
      filesIn(output).filter((name) => !name.endsWith('.json')),
      ['good.nii'],
    );
    assert.match(stdout, /1 converted, 4 failed, 0 files set apart/);
    assert.doesNotMatch(stdout, /NOT_DICOM/);
    for (const [name, reason] of [
      ['empty', 'VOLUME_FORMAT_UNKNOWN'],
      ['random', 'VOLUME_FORMAT_UNKNOWN'],
      ['flipped', 'VOLUME_CORRUPT'],
      ['cut', 'VOLUME_TRUNCATED'],
    ] as const) {
      assert.match(stdout, new RegExp(`failed: ${name}\\.nii\\.gz: ${reason}`));
      assert.equal(report(`${name}.json`).failure.reason, reason);
    }
  });

  for (const ending of ['.nii', '.mha', '.mhd', '.nrrd']) {
    it(`fails for an empty ${ending}, with the format asked for or any`, () => {
      put(`a${ending}`, '');
      for (const format of [ending, 'any']) {
        const { status, stdout } = dataconvert('-d', input, '-o', output, '-f', '-s', format);
        assert.equal(status, 3, stdout);
        assert.match(stdout, /0 converted, 1 failed, 0 files set apart/);
        assert.equal(report('a.json').failure.reason, 'VOLUME_FORMAT_UNKNOWN');
      }
    });
  }

  it('leaves a broken one alone where DICOM is asked for, and names its format', () => {
    writeCt(input, 2, 16);
    put('mask.nii.gz', '');
    const { status, stdout } = dataconvert('-d', input, '-o', output);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /set apart: NIFTI: mask\.nii\.gz/);
  });

  it('sets apart, in words and as JSON, what is no image and is named like none', () => {
    cpSync(SAMPLE, join(input, 'a.nii.gz'));
    put('settings.ini', 'Name = the scanner\nComment = none\n');
    // What macOS leaves beside a file in an archive.
    put('._a.nii.gz', Buffer.from([0, 5, 0x16, 7, 0, 2, 0, 0, ...Buffer.from('Mac OS X        ')]));
    const words = ['-d', input, '-o', output, '-s', 'any'];
    const { status, stdout } = dataconvert(...words);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /set apart: APPLE_DOUBLE: \._a\.nii\.gz\n/);
    assert.match(stdout, /set apart: NOT_DICOM: settings\.ini\n/);
    const { volumes, setApart } = JSON.parse(dataconvert(...words, '-f', '--json').stdout);
    assert.equal(volumes.length, 1);
    assert.deepEqual(volumes[0].output.files, ['a.nii.gz']);
    assert.deepEqual(setApart, [
      { name: '._a.nii.gz', kind: 'APPLE_DOUBLE' },
      { name: 'settings.ini', kind: 'NOT_DICOM' },
    ]);
  });

  it('says what of a NIfTI is in no output: axes beyond the fourth, header extensions', () => {
    put('vectors.nii', niftiFile({ dims: [3, 4, 5, 1, 3] }));
    put('series.nii', niftiFile({ dims: [3, 4, 5, 2] }));
    const plain = niftiFile({ dims: [6, 5, 4] });
    const header = Buffer.from(plain.subarray(0, 352));
    header.writeFloatLE(368, 108);
    header[348] = 1;
    const extension = Buffer.alloc(16);
    extension.writeInt32LE(16, 0);
    put('noted.nii', Buffer.concat([header, extension, plain.subarray(352)]));
    const { status, stdout } = dataconvert('-d', input, '-o', output, '-s', '.nii');
    assert.equal(status, 0, stdout);
    const [joined] = report('vectors.json').changes;
    assert.equal(joined.reason, 'AXES_JOINED');
    assert.match(joined.message, /1 x 3, became one of 3 frames/);
    assert.equal(report('noted.json').changes[0].reason, 'EXTENSIONS_DROPPED');
    assert.deepEqual(report('series.json').changes, []);
    const again = gunzipSync(readFileSync(join(output, 'noted.nii.gz')));
    assert.deepEqual(again.subarray(352), plain.subarray(352));
  });
});
