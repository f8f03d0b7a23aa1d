import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
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
import { startDicomWorkers } from '#dicom/workers';
import { convertFiles } from './dataconvert/convert-files.ts';
import { walkInput } from './dataconvert/walk.ts';
import { PROGRESS_MS } from './limits.ts';
import { dataconvert, filesIn, MAIN, writeCt } from './testing/dataconvert.ts';

const SAMPLE = join(import.meta.dirname, '../samples/hippocampus/image.nii.gz');
const GIB = 1024 ** 3;
const STILL = new Int32Array(new SharedArrayBuffer(4));

describe('sextant dataconvert through folders', function () {
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

  function ctIn(path: string, slices = 4): string {
    mkdirSync(path, { recursive: true });
    writeCt(path, slices, 16);
    return path;
  }

  it('follows links to folders, each folder once, and loops to their end', () => {
    const elsewhere = ctIn(join(folder, 'elsewhere'));
    ctIn(join(input, 'b'));
    symlinkSync(elsewhere, join(input, 'linked'));
    symlinkSync(join(input, 'b'), join(input, 'a'));
    symlinkSync(input, join(input, 'b/loop'));
    symlinkSync(join(input, 'itself'), join(input, 'itself'));
    mkdirSync(join(folder, 'real-out'));
    symlinkSync(join(folder, 'real-out'), join(input, 'results'));
    for (const _ of [1, 2]) {
      const to = join(folder, 'real-out');
      const { status, stdout } = dataconvert('-d', input, '-o', to, '-f');
      assert.equal(status, 0, stdout);
      assert.deepEqual(filesIn(to), ['b.json', 'b.nii.gz', 'linked.json', 'linked.nii.gz']);
    }
  });

  it('follows no link that leads up out of the input', () => {
    ctIn(join(input, 'a/b'));
    ctIn(join(folder, 'beside'));
    ctIn(join(folder, 'elsewhere/c'));
    symlinkSync('../..', join(input, 'a/up'));
    symlinkSync('/', join(input, 'a/root'));
    symlinkSync('..', join(input, 'top'));
    symlinkSync(join(folder, 'elsewhere'), join(input, 'linked'));
    symlinkSync(folder, join(folder, 'elsewhere/up'));
    symlinkSync(input, join(folder, 'same'));
    for (const given of [input, join(folder, 'same')]) {
      const to = `${given}-out`;
      const { status, stdout } = dataconvert('-d', given, '-o', to);
      assert.equal(status, 0, stdout);
      const volumes = filesIn(to).filter((name) => name.endsWith('.nii.gz'));
      assert.deepEqual(volumes, ['a/b.nii.gz', 'linked/c.nii.gz']);
    }
  });

  it('goes through more folders side by side than a call takes arguments', () => {
    // In memory: from a disk it takes half a minute to remove so many.
    const many = mkdtempSync('/dev/shm/sextant-test-');
    try {
      for (let n = 0; n < 16_000; n++) mkdirSync(join(many, String(n)));
      ctIn(join(many, '7'));
      // How many arguments fit, the stack says: with less of it, fewer.
      const words = ['--stack-size=100', MAIN, 'dataconvert', '-d', many, '-o', output];
      const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      assert.deepEqual(filesIn(output), ['7.json', '7.nii.gz']);
    } finally {
      rmSync(many, { recursive: true });
    }
  });

  it('tells of links to images that lead nowhere, and writes the others', () => {
    cpSync(SAMPLE, join(input, 'a.nii.gz'));
    symlinkSync('.git/annex/objects/b', join(input, 'b.nii.gz'));
    symlinkSync('.git/annex/objects/c', join(input, 'c.tsv'));
    for (const format of ['.nii.gz', 'any']) {
      const to = join(output, format);
      const { status, stdout } = dataconvert('-d', input, '-o', to, '-s', format);
      assert.equal(status, 3);
      assert.match(stdout, /^failed: b\.nii\.gz: FILE_UNREADABLE: .*a link that leads nowhere/m);
      assert.deepEqual(
        filesIn(to).filter((name) => name.startsWith('a')),
        ['a.json', 'a.nii.gz'],
      );
    }
  });

  it('makes no shorter volume of a series of which a link leads nowhere', () => {
    for (const [place, name] of [
      ['named', '9.dcm'],
      ['nameless', 'IM0009'],
    ] as const) {
      symlinkSync('.git/annex/objects/9', join(ctIn(join(input, place)), name));
    }
    ctIn(join(input, 'whole'));
    mkdirSync(join(input, 'not-fetched'));
    for (const name of ['IM1', 'IM2']) symlinkSync('gone', join(input, 'not-fetched', name));
    symlinkSync('run-5', join(input, 'latest'));
    symlinkSync('gone', join(input, 'whole', 'mask.nii.gz'));
    mkdirSync(join(input, 'alone'));
    symlinkSync('gone', join(input, 'alone', '1.dcm'));
    const { status, stdout } = dataconvert('-d', input, '-o', output);
    assert.equal(status, 3);
    const why = 'FILE_UNREADABLE: .*a link that leads nowhere';
    assert.match(stdout, new RegExp(`named: SERIES_INCOMPLETE: named/9.dcm: .*${why}`));
    assert.match(stdout, new RegExp(`nameless: SERIES_INCOMPLETE: nameless/IM0009: .*${why}`));
    assert.match(stdout, new RegExp(`not-fetched/IM1: ${why}`));
    assert.match(stdout, /failed: alone: FILE_UNREADABLE: alone\/1.dcm: .*nowhere/);
    assert.match(stdout, /1 converted, 5 failed/);
    const volumes = filesIn(output).filter((name) => name.endsWith('.nii.gz'));
    assert.deepEqual(volumes, ['whole.nii.gz']);
  });

  it('leaves no volume without its report when it is interrupted', async () => {
    writeCt(input, 4, 16);
    const interrupted = new AbortController();
    const { signal } = interrupted;
    const walked = await walkInput(input, { sourceFormat: '.dcm', signal });
    const workers = startDicomWorkers({ scansHere: true });
    const look = () => {
      if (existsSync(join(output, 'in.nii.gz'))) interrupted.abort();
      else setImmediate(look);
    };
    look();
    await convertFiles(walked, {
      workers,
      input,
      outputDir: output,
      sourceFormat: '.dcm',
      conversion: { format: '.nii.gz' },
      level: 1,
      jobs: 1,
      memoryLimitBytes: GIB,
      volumeLimitBytes: GIB,
      signal,
      show: () => {},
    });
    await workers.close();
    assert.ok(signal.aborted);
    assert.deepEqual(filesIn(output), ['in.json', 'in.nii.gz']);
  });

  it('calls volumes that fail by their folders, and each once', () => {
    for (const patient of ['P001', 'P002', 'P003']) {
      rmSync(join(ctIn(join(input, patient, 'CT')), '2.dcm'));
    }
    const { stdout } = dataconvert('-d', input, '-o', output);
    for (const patient of ['P001', 'P002', 'P003']) {
      assert.match(stdout, new RegExp(`^${patient}/CT +FAILED SERIES_UNEVEN$`, 'm'));
      const line = `^failed: ${patient}/CT: SERIES_UNEVEN: expected slices at even distances`;
      assert.match(stdout, new RegExp(line, 'm'));
    }
    const told = JSON.parse(dataconvert('-d', input, '-o', output, '-f', '--json').stdout);
    const places = told.volumes.map(({ place }: { place: string }) => place);
    assert.deepEqual(places, ['P001/CT', 'P002/CT', 'P003/CT']);
  });

  it('makes one volume of a series that lies in several folders, where these lie', () => {
    ctIn(join(input, 'cd', 'a'), 6);
    mkdirSync(join(input, 'cd', 'b'));
    for (const name of readdirSync(join(input, 'cd', 'a'))
      .sort()
      .slice(3)) {
      renameSync(join(input, 'cd', 'a', name), join(input, 'cd', 'b', name));
    }
    const { status, stdout } = dataconvert('-d', input, '-o', output);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /cd\.nii\.gz +\d+ x \d+ x 6 /);
    assert.match(stdout, /1 converted, 0 failed/);
  });

  it('names every file set apart in --json and in the reports', () => {
    ctIn(input);
    for (let n = 0; n < 150; n++) writeFileSync(join(input, `note ${n}.txt`), 'no image');
    const { stdout } = dataconvert('-d', input, '-o', output);
    assert.match(stdout, /set apart: NOT_DICOM: .* \(150; --json and the reports name all\)/);
    const report = JSON.parse(readFileSync(join(output, 'in.json'), 'utf8'));
    const told = JSON.parse(dataconvert('-d', input, '-o', output, '-f', '--json').stdout);
    for (const setApart of [report.setApart, told.setApart]) {
      assert.equal(setApart.length, 150);
      assert.deepEqual(setApart[0], { name: 'note 0.txt', kind: 'NOT_DICOM' });
    }
  });

  it('shows how far a volume is that is alone in its folder', async () => {
    const signal = new AbortController().signal;
    const workers = startDicomWorkers({ scansHere: true });
    writeCt(input, 16, 512);
    for (const spacingMm of [undefined, [1.5, 1.5, 2]] as const) {
      const shown: number[] = [];
      const walked = await walkInput(input, { sourceFormat: '.dcm', signal });
      await convertFiles(walked, {
        workers,
        input,
        outputDir: join(output, String(spacingMm)),
        sourceFormat: '.dcm',
        conversion: { format: '.nii.gz', spacingMm },
        level: 9,
        jobs: 1,
        memoryLimitBytes: GIB,
        volumeLimitBytes: GIB,
        signal,
        show: (text) => {
          shown.push(Number(/(\d+) %/.exec(text)?.[1]));
          // So long that the next one is shown too.
          Atomics.wait(STILL, 0, 0, PROGRESS_MS);
        },
      });
      assert.deepEqual(
        shown,
        [...shown].sort((a, b) => a - b),
      );
      const between = new Set(shown.filter((percent) => percent > 20 && percent < 100));
      assert.ok(between.size >= 3, `${spacingMm}: ${shown}`);
    }
    await workers.close();
  });
});
