import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataconvert, filesIn, writeBlock, writeSlices } from './testing/dataconvert.ts';

const SAMPLE = join(import.meta.dirname, '../samples/hippocampus/image.nii.gz');

/** A zip of files under names that the file system need not know: path, name, path, name, ... */
const ZIP = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as z:
    for path, name in zip(sys.argv[2::2], sys.argv[3::2]): z.write(path, name)
`;

describe('sextant dataconvert of an archive', function () {
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

  const volumes = () => filesIn(output).filter((name) => name.endsWith('.nii.gz'));
  const series = (place: string, uid: string) => {
    mkdirSync(join(input, place), { recursive: true });
    writeBlock(join(input, place), { side: 4, series: uid });
  };
  const zipped = (...files: readonly string[]) => {
    const path = join(folder, 'scan.zip');
    execFileSync('python3', ['-c', ZIP, path, ...files]);
    return path;
  };

  it('keeps its folders, as it does of a folder', () => {
    series('pat1/study/4_MR', '1.2.1');
    series('pat2/study/4_MR', '1.2.2');
    series('pat2/study/two', '1.2.3');
    for (const n of [0, 1, 2, 3]) {
      renameSync(join(input, `pat2/study/two/${n}.dcm`), join(input, `pat2/study/two/first${n}`));
    }
    series('pat2/study/two', '1.2.4');
    writeFileSync(join(input, 'pat2/a.nii.gz'), readFileSync(SAMPLE));
    const tar = join(folder, 'scan.tar');
    execFileSync('tar', ['-cf', tar, '-C', input, '.']);
    const zip = join(folder, 'all.zip');
    execFileSync('python3', ['-m', 'zipfile', '-c', zip, join(input, 'pat1'), join(input, 'pat2')]);
    assert.equal(dataconvert('-d', input, '-o', output, '-s', 'any').status, 0);
    const kept = filesIn(output);
    assert.deepEqual(volumes(), [
      'pat1/study/4_MR.nii.gz',
      'pat2/a.nii.gz',
      'pat2/study/4_MR.nii.gz',
      'pat2/study/two/CT.nii.gz',
      'pat2/study/two/CT_2.nii.gz',
    ]);
    for (const archive of [tar, zip]) {
      rmSync(output, { recursive: true });
      const { status, stderr } = dataconvert('-d', archive, '-o', output);
      assert.equal(status, 0, stderr);
      assert.deepEqual(filesIn(output), kept);
    }
  });

  it('makes one volume of a series that lies in several of its folders, where these lie', () => {
    const samples = () => new Uint8Array(32);
    writeSlices(input, { slices: 4, side: 4, series: '1.2.3', samples });
    const part = (n: number) => [join(input, `${n}.dcm`), `ct/part${n % 2}/${n}`];
    const { status, stdout } = dataconvert(
      '-d',
      zipped(...[0, 1, 2, 3].flatMap(part)),
      '-o',
      output,
    );
    assert.equal(status, 0, stdout);
    assert.match(stdout, /4 x 4 x 4/);
    assert.deepEqual(volumes(), ['ct.nii.gz']);
  });

  it('writes below the output folder, whatever its names', () => {
    const names = ['../../up.nii.gz', '/root.nii.gz', '...nii.gz', 'a\\b/..nii.gz'];
    const archive = zipped(...names.flatMap((name) => [SAMPLE, name]));
    const { status, stdout } = dataconvert('-d', archive, '-o', join(output, 'a/b'));
    assert.equal(status, 0, stdout);
    assert.deepEqual(
      filesIn(folder).filter((name) => name.endsWith('.nii.gz')),
      [
        'out/a/b/a_b/volume.nii.gz',
        'out/a/b/root.nii.gz',
        'out/a/b/up.nii.gz',
        'out/a/b/volume.nii.gz',
      ],
    );
  });

  it('tells volumes that fail apart by their folders', () => {
    for (const [place, uid] of [
      ['pat1/ct', '1.2.1'],
      ['pat2/ct', '1.2.2'],
    ] as const) {
      series(place, uid);
      rmSync(join(input, place, '1.dcm'));
    }
    const archive = join(folder, 'scan.tar');
    execFileSync('tar', ['-cf', archive, '-C', input, 'pat1', 'pat2']);
    for (const given of [archive, input]) {
      const { status, stdout } = dataconvert('-d', given, '-o', output, '-f');
      assert.notEqual(status, 0);
      assert.match(stdout, /failed: pat1\/ct: SERIES_UNEVEN/);
      assert.match(stdout, /failed: pat2\/ct: SERIES_UNEVEN/);
    }
  });

  it('looks at the output folder before it unpacks anything', () => {
    const archive = join(folder, 'scan.zip');
    writeFileSync(archive, 'PK\u0003\u0004 and no more');
    mkdirSync(output);
    const { status, stderr } = dataconvert('-d', archive, '-o', output);
    assert.equal(status, 5);
    assert.match(stderr, /OUTPUT_EXISTS/);
    const broken = dataconvert('-d', archive, '-o', join(folder, 'new'));
    assert.equal(broken.status, 3);
    assert.match(
      broken.stderr,
      /VOLUME_CORRUPT: \S+scan\.zip: expected a whole zip, got a zip that/,
    );
    const missing = join(folder, 'nowhere');
    assert.match(dataconvert('-d', missing, '-o', join(missing, 'x')).stderr, /FILE_UNREADABLE/);
    assert.deepEqual(filesIn(folder), ['scan.zip']);
  });

  it('makes nothing of one with a wrong checksum', () => {
    writeSlices(input, {
      slices: 3,
      side: 4,
      series: '1.2.3',
      samples: () => Buffer.alloc(32, 'ab'),
    });
    const archive = zipped(...[0, 1, 2].flatMap((n) => [join(input, `${n}.dcm`), `ct/${n}.dcm`]));
    const bytes = readFileSync(archive);
    bytes.write('x', bytes.indexOf('abababab'));
    writeFileSync(archive, bytes);
    const { status, stderr } = dataconvert('-d', archive, '-o', output);
    assert.equal(status, 3);
    assert.match(stderr, /VOLUME_CORRUPT: \S+scan\.zip: .*its file ct\/0\.dcm/);
  });
});
