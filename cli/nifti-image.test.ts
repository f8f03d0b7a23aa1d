import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { dataconvert, writeBlock } from './testing/dataconvert.ts';
import { niftiFile } from './testing/nifti-file.ts';
import { ROOT, runSextant, temporaryFolder } from './testing/run-sextant.ts';

const SIX = '6,12,12 17,12,12 12,6,12 12,17,12 12,12,6 12,12,17';
const CLICK = [
  ...['--config', join(ROOT, 'models/engine_pool.json'), '-m', 'annotation_any'],
  ...['--points', SIX, '--space', 'index'],
];

describe('an image that is no NIfTI', function () {
  this.timeout(60_000);
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
    mkdirSync(at('scans/ct'), { recursive: true });
    writeBlock(at('scans/ct'));
  });
  afterEach(() => folder.remove());
  const at = (name: string) => join(folder.path, name);
  const annotate = (image: string, ...words: string[]) =>
    runSextant(['annotate', image, ...CLICK, ...words], { cwd: folder.path });
  const left = () => readdirSync(tmpdir()).filter((name) => /^sextant-image-/.test(name));

  /** What a click on the converted file gives. */
  async function expectedMask(): Promise<Buffer> {
    assert.equal(dataconvert('-d', at('scans'), '-o', at('nifti'), '-e', '.nii').status, 0);
    const { status, stderr } = await annotate('nifti/ct.nii', '-o', 'expected.nii');
    assert.equal(status, 0, stderr);
    return readFileSync(at('expected.nii'));
  }

  it('is annotated like what dataconvert makes of it: folder, zip, tar, .mha, .nrrd', async () => {
    const expected = await expectedMask();
    assert.ok(expected.subarray(352).includes(1), 'the block is found');
    execFileSync('tar', ['-cf', at('ct.tar'), '-C', at('scans'), 'ct']);
    execFileSync('python3', ['-m', 'zipfile', '-c', at('ct.zip'), at('scans/ct')]);
    for (const format of ['.mha', '.nrrd']) {
      assert.equal(dataconvert('-d', at('scans'), '-o', at('other'), '-e', format, '-f').status, 0);
    }
    const before = left();
    for (const image of [
      'scans/ct/',
      'scans',
      'ct.tar',
      'ct.zip',
      'other/ct.mha',
      'other/ct.nrrd',
    ]) {
      const { status, stderr } = await annotate(image, '-o', 'mask.nii');
      assert.equal(status, 0, `${image}: ${stderr}`);
      assert.ok(readFileSync(at('mask.nii')).equals(expected), image);
    }
    assert.deepEqual(left(), before, 'what was made is removed');
  });

  it('names its mask after what was given', async () => {
    const { status, stdout, stderr } = await annotate('scans/ct/');
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^ct-mask\.nii\.gz: structure/);
    assert.ok(
      gunzipSync(readFileSync(at('ct-mask.nii.gz')))
        .subarray(352)
        .includes(1),
    );
  });

  it('has to be chosen where there are several, and is, by name or number', async () => {
    mkdirSync(at('scans/other'));
    writeBlock(at('scans/other'), { side: 20, series: '1.2.4' });
    const several = await annotate('scans');
    assert.equal(several.status, 3);
    assert.match(several.stderr, /VOLUME_CHOICE_REQUIRED: scans: .*2 volumes/);
    const [, first = ''] = /\n {2}1 {2}(\S+) {2}CT, 24 x 24 x 24/.exec(several.stderr) ?? [];
    assert.match(several.stderr, /\n {2}2 {2}other\/\S+ {2}CT, 20 x 20 x 20/);
    for (const volume of ['1', first]) {
      const { status, stderr } = await annotate('scans', '--volume', volume, '-o', 'mask.nii');
      assert.equal(status, 0, stderr);
    }
    execFileSync('tar', ['-cf', at('scans.tar'), '-C', at('scans'), '.']);
    const packed = await annotate('scans.tar');
    assert.match(packed.stderr, /\n {2}1 {2}ct\/\S+ {2}CT, 24 x 24 x 24/);
    assert.match(packed.stderr, /\n {2}2 {2}other\/\S+ {2}CT, 20 x 20 x 20/);
    const wrong = await annotate('scans', '--volume', '3');
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /--volume: expected a number from 1 to 2.*got "3"/s);
  });

  it('is not taken for the only one where another cannot be read', async () => {
    mkdirSync(at('images'));
    writeFileSync(at('images/head.nii'), niftiFile({ dims: [24, 24, 24] }));
    writeFileSync(at('images/neck.nii.gz'), '');
    const { status, stderr } = await annotate('images');
    assert.equal(status, 3);
    assert.match(stderr, /VOLUME_CHOICE_REQUIRED: images: .*2 volumes/);
    assert.match(stderr, /\n {2}1 {2}head {2}nifti, 24 x 24 x 24/);
    assert.match(stderr, /\n {2}2 {2}neck {2}nifti, VOLUME_FORMAT_UNKNOWN/);
    const chosen = await annotate('images', '--volume', 'head', '-o', 'mask.nii');
    assert.equal(chosen.status, 0, chosen.stderr);
  });

  it('is refused by name where it makes none', async () => {
    writeFileSync(at('notes.txt'), 'no image');
    mkdirSync(at('empty'));
    mkdirSync(at('texts'));
    cpSync(at('notes.txt'), at('texts/notes.txt'));
    writeFileSync(at('broken.mha'), 'ObjectType = Image\nNDims = 3\n');
    for (const [image, says] of [
      ['empty', /NO_IMAGES: empty/],
      ['texts', /NO_IMAGES: texts: .*1 NOT_DICOM/],
      ['broken.mha', /broken\.mha/],
      ['notes.txt', /VOLUME_FORMAT_UNKNOWN: notes\.txt/],
      ['scans/ct/3.dcm', /scans\/ct\/3\.dcm: .*one slice.*folder/],
    ] as const) {
      const { status, stderr } = await annotate(image);
      assert.equal(status, 3, `${image}: ${stderr}`);
      assert.match(stderr, says);
      assert.ok(!stderr.includes(`${tmpdir()}/sextant-image`), stderr);
    }
  });

  it('tells what was changed in making it', async () => {
    for (const name of ['7.dcm', '8.dcm']) execFileSync('rm', [at(`scans/ct/${name}`)]);
    const refused = await annotate('scans/ct');
    assert.equal(refused.status, 3);
    assert.match(refused.stderr, /SERIES_UNEVEN: .*--uneven/s);
    const { status, stderr } = await annotate('scans/ct', '--uneven', 'resample', '--json');
    assert.equal(status, 0, stderr);
    assert.ok(existsSync(at('ct-mask.nii.gz')));
  });

  it('is chosen by nothing where it is NIfTI alone', async () => {
    writeFileSync(at('head.nii'), niftiFile());
    const { status, stderr } = await annotate('head.nii', '--volume', '2');
    assert.equal(status, 2);
    assert.match(stderr, /--volume: expected a number from 1 to 1/);
  });
});
