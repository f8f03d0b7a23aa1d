import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { dataconvert, filesIn, MAIN, writeCt } from './testing/dataconvert.ts';
import { niftiFile } from './testing/nifti-file.ts';

const SAMPLE = join(import.meta.dirname, '../samples/hippocampus/image.nii.gz');
const MIB = 2 ** 20;

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

  it('keeps to --memory-limit by what compressed voxels take, not by the size of their file', () => {
    const bytes = 96 * MIB;
    const image = niftiFile({ dims: [512, 512, 192], voxelBytes: 0, datatype: 4, bitpix: 16 });
    const path = join(folder, 'image.nii');
    writeFileSync(path, image);
    truncateSync(path, image.length + bytes);
    const packed = gzipSync(readFileSync(path), { level: 1 });
    for (let n = 0; n < 4; n++) put(`${n}.nii.gz`, packed);
    assertOneAtATime(bytes, '-s', '.nii.gz');
  });

  it('counts what -r makes of them, too', () => {
    const lines = [
      'ObjectType = Image',
      'NDims = 3',
      'DimSize = 64 64 64',
      'CompressedData = True',
    ];
    const header = [...lines, 'ElementSpacing = 1 1 1', 'ElementType = MET_SHORT'].join('\n');
    const text = Buffer.from(`${header}\nElementDataFile = LOCAL\n`);
    const packed = deflateSync(new Uint8Array(2 * 64 ** 3));
    for (let n = 0; n < 4; n++) put(`${n}.mha`, Buffer.concat([text, packed]));
    assertOneAtATime(2 * 320 ** 3, '-s', '.mha', '-r', '0.2');
  });

  /** Four jobs, kept to little memory, have no more volumes in it than one job has. */
  function assertOneAtATime(volumeBytes: number, ...words: readonly string[]): void {
    const all = ['-d', input, '-o', output, '-f', '--level', '1', ...words];
    const [one = 0, four = 0] = ['1', '4'].map((jobs) =>
      peakBytes(...all, '--memory-limit', '8MiB', '--jobs', jobs),
    );
    const told = `${four / MIB} MiB for four jobs, ${one / MIB} MiB for one`;
    assert.ok(four < one + volumeBytes / 2, told);
  }
});

/** The most memory that the command had. */
function peakBytes(...words: readonly string[]): number {
  const tell = 'process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';
  const told = ['--import', `data:text/javascript,${encodeURIComponent(tell)}`];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...told, MAIN, 'dataconvert', ...words],
    { encoding: 'utf8', timeout: 50_000 },
  );
  assert.equal(status, 0, stdout + stderr);
  return 1024 * Number(/peak (\d+)/.exec(stderr)?.[1]);
}
