import assert from 'node:assert/strict';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataconvert, filesIn, writeCt } from './testing/dataconvert.ts';

const AXES = '(1,0,0) (0,1,0) (0,0,1)';

const SAMPLE = join(import.meta.dirname, '../samples/hippocampus/image.nii.gz');

describe('sextant dataconvert beside files of the user', function () {
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

  /** Every file below the folder with its bytes. */
  const all = () =>
    new Map(filesIn(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]));

  it('never writes into a folder of the input, whatever path leads there', () => {
    cpSync(SAMPLE, join(input, 'sub-01.nii.gz'));
    writeFileSync(join(input, 'sub-01.json'), '{"Manufacturer": "GE"}');
    mkdirSync(join(input, 'in'));
    cpSync(SAMPLE, join(input, 'in/sub-01.nii.gz'));
    symlinkSync(input, join(folder, 'same'));
    const before = all();
    for (const to of [input, join(folder, 'same'), join(input, 'in/..'), folder]) {
      const ran = dataconvert('-d', input, '-o', to, '-f', '-r', '2', '-s', '.nii.gz');
      assert.equal(ran.status, 5, to);
      assert.match(ran.stderr, /OUTPUT_EXISTS: .*a folder of the input.*-o/);
      assert.deepEqual(all(), before);
    }
  });

  it('replaces no original by its own conversion, and none that a link leads to', () => {
    const image = join(folder, 'scan.nii.gz');
    cpSync(SAMPLE, image);
    const before = all();
    const ran = dataconvert('-d', image, '-o', folder, '-f', '-r', '2');
    assert.notEqual(ran.status, 0);
    assert.match(ran.stdout, /OUTPUT_EXISTS: .*a file that is to be converted/);
    symlinkSync(image, join(input, 'scan.nii.gz'));
    const linked = dataconvert('-d', input, '-o', folder, '-f', '-r', '2', '-s', '.nii.gz');
    assert.match(linked.stdout, /OUTPUT_EXISTS: .*a file that is to be converted/);
    assert.deepEqual(all(), before);
  });

  it('replaces no .json that is no report', () => {
    cpSync(SAMPLE, join(input, 'sub-01.nii.gz'));
    mkdirSync(output);
    writeFileSync(join(output, 'sub-01.json'), '{"Manufacturer": "GE"}');
    const before = all();
    const words = ['-d', input, '-o', output, '-s', '.nii.gz', '-f'];
    const refused = dataconvert(...words);
    assert.notEqual(refused.status, 0);
    assert.match(refused.stdout, /sub-01\.nii\.gz: OUTPUT_EXISTS: .*sub-01\.json: .*no report/);
    assert.deepEqual(all(), before);
    rmSync(join(output, 'sub-01.json'));
    for (const _ of [1, 2]) assert.equal(dataconvert(...words).status, 0, 'its own it replaces');
  });

  it('replaces no file of voxels that the header of the input names', () => {
    writeFileSync(join(input, 'x.raw'), Buffer.alloc(128, 7));
    const header = 'type: uint8\ndimension: 3\nsizes: 8 4 4\nencoding: raw\ndata file: x.raw';
    writeFileSync(join(input, 'x.nhdr'), `NRRD0004\n${header}\nspace directions: ${AXES}\n`);
    const before = all();
    const words = ['-d', join(input, 'x.nhdr'), '-o', input, '-f', '-r', '2'];
    const refused = dataconvert(...words, '-e', '.mhd');
    assert.notEqual(refused.status, 0);
    assert.match(refused.stdout, /OUTPUT_EXISTS: .*x\.raw: .*a file that no report .* names/);
    assert.deepEqual(all(), before);
    assert.equal(dataconvert(...words, '-e', '.mha').status, 0, 'beside it there is room');
    assert.equal(dataconvert(...words, '-e', '.mha').status, 0, 'its own it replaces');
    const beside = dataconvert(...words, '-e', '.mhd');
    assert.match(
      beside.stdout,
      /x\.raw: .*a file that no report .* names/,
      'beside another report',
    );
  });

  it('replaces no image that no report names: of the user, of a run that was killed, a dead link', () => {
    cpSync(SAMPLE, join(input, 'scan.nii.gz'));
    mkdirSync(output);
    for (const [format, name] of [
      ['.nii.gz', 'scan.nii.gz'],
      ['.mhd', 'scan.raw'],
      ['.nrrd', 'scan.nrrd'],
    ] as const) {
      const path = join(output, name);
      const words = ['-d', input, '-o', output, '-s', '.nii.gz', '-f', '-e', format];
      for (const make of [
        () => writeFileSync(path, 'mine'),
        () => symlinkSync(join(folder, 'gone'), path),
      ]) {
        make();
        const refused = dataconvert(...words);
        assert.notEqual(refused.status, 0);
        const told = new RegExp(`${name}: .*a file that no report of a conversion names`);
        assert.match(refused.stdout, told);
        assert.deepEqual(readdirSync(output), [name]);
        rmSync(path);
      }
      assert.equal(dataconvert(...words).status, 0);
      rmSync(join(output, 'scan.json'));
      assert.match(dataconvert(...words).stdout, /a file that no report of a conversion names/);
      for (const made of readdirSync(output)) rmSync(join(output, made));
    }
  });

  it('replaces what an earlier run made, in every format, and no image that is the input', () => {
    cpSync(SAMPLE, join(input, 'scan.nii.gz'));
    for (const format of ['.nii', '.nii.gz', '.mha', '.mhd', '.nrrd']) {
      const to = join(output, format);
      const words = ['-d', input, '-o', to, '-s', '.nii.gz', '-f', '-e', format];
      assert.equal(dataconvert(...words).status, 0);
      const fine = readFileSync(join(to, `scan${format}`));
      assert.equal(dataconvert(...words, '-r', '2').status, 0, format);
      assert.notDeepEqual(readFileSync(join(to, `scan${format}`)), fine);
      const itself = ['-d', join(to, `scan${format}`), '-o', to, '-f', '-e', format];
      assert.match(dataconvert(...itself).stdout, /OUTPUT_EXISTS: .*that is to be converted/);
    }
  });

  it('keeps what an earlier run made of a volume that now fails', () => {
    writeCt(input, 4, 16);
    const words = ['-d', input, '-o', output, '-e', '.mhd', '-f'];
    assert.equal(dataconvert(...words).status, 0);
    assert.deepEqual(filesIn(output), ['in.json', 'in.mhd', 'in.raw']);
    renameSync(join(input, '2.dcm'), join(folder, '2.dcm'));
    const before = all();
    const { status, stdout } = dataconvert(...words);
    assert.notEqual(status, 0);
    assert.match(stdout, /SERIES_UNEVEN: .*an earlier run made of it is still there/);
    assert.deepEqual(all(), before);
    renameSync(join(folder, '2.dcm'), join(input, '2.dcm'));
    assert.equal(dataconvert(...words).status, 0);
  });
});
