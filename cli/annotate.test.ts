import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { niftiFile, niftiPair } from './testing/nifti-file.ts';
import { ROOT, runSextant, startSextant, temporaryFolder } from './testing/run-sextant.ts';

const SIX = '4,12,8 15,12,8 10,5,8 10,18,8 10,12,4 10,12,11';
const MODEL = ['-m', 'annotation_any'];
const HERE = ['--config', join(ROOT, 'models/engine_pool.json'), ...MODEL];
const POINTS = ['--points', SIX, '--space', 'index'];

describe('sextant annotate', function () {
  this.timeout(30_000);
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());
  const at = (name: string) => join(folder.path, name);
  const run = (words: readonly string[], env: Record<string, string> = {}) =>
    runSextant(['annotate', ...words], { cwd: folder.path, env });

  it('writes mask and preview, and tells them as JSON', async () => {
    writeFileSync(at('head.nii.gz'), gzipSync(niftiFile()));
    const files = ['-o', 'mask.nii.gz', '--preview', 'mask.png'];
    const { status, stdout, stderr } = await run([
      'head.nii.gz',
      ...HERE,
      ...POINTS,
      ...files,
      '--json',
    ]);
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '', 'no progress line where there is no terminal');
    const told = JSON.parse(stdout);
    assert.deepEqual(told.grid.shape, [20, 24, 16]);
    assert.deepEqual(told.labels, ['structure']);
    assert.deepEqual(
      told.stageTimes.map(({ stage }: { stage: string }) => stage),
      ['decode', 'queue', 'resample', 'transform', 'infer', 'restore', 'encode'],
    );
    const mask = gunzipSync(readFileSync(at('mask.nii.gz')));
    const voxels = mask.subarray(352);
    assert.equal(voxels.length, 20 * 24 * 16);
    assert.equal(voxels.filter((value) => value === 1).length, told.maskVoxels);
    assert.ok(told.maskVoxels > 0, 'the bright block is found');
    assert.equal(told.volumeMl, told.maskVoxels / 1000);
    assert.ok(PNG.sync.read(readFileSync(at('mask.png'))).width > 1000);
    assert.deepEqual(readdirSync(folder.path).sort(), ['head.nii.gz', 'mask.nii.gz', 'mask.png']);
  });

  it('warns of an image whose left and right are not known, and places its mask alike', async () => {
    const image = niftiFile();
    image.writeInt16LE(0, 254);
    writeFileSync(at('head.nii'), image);
    const { status, stderr } = await run(['head.nii', ...HERE, ...POINTS, '-o', 'mask.nii']);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^warning: ORIENTATION_UNKNOWN: .*left and right are not known/m);
    const mask = readFileSync(at('mask.nii'));
    assert.deepEqual([mask.readInt16LE(252), mask.readInt16LE(254)], [0, 0]);
  });

  it('names the mask after the image, and writes .nii when asked', async () => {
    writeFileSync(at('head.nii'), niftiFile());
    // Not even --config: the models are found from this folder too.
    const first = await run(['head.nii', ...MODEL, ...POINTS]);
    assert.equal(first.status, 0, first.stderr);
    assert.match(
      first.stdout,
      /^head-mask\.nii\.gz: structure, \d+ voxels \([\d.]+ ml\), \d+ ms$/m,
    );
    await run(['head.nii', ...HERE, ...POINTS, '-o', 'plain.nii']);
    const compressed = gunzipSync(readFileSync(at('head-mask.nii.gz')));
    assert.deepEqual(readFileSync(at('plain.nii')), compressed);
  });

  it('gives the same mask for a file, its pair, RAS, LPS, one frame of four, and points in a file', async () => {
    const frameBytes = 20 * 24 * 16 * 4;
    const single = niftiFile();
    const { hdr, img } = niftiPair();
    const noise = Buffer.alloc(frameBytes);
    for (let i = 0; i < frameBytes; i += 4) noise.writeFloatLE(i % 977, i);
    const series = Buffer.concat([niftiFile({ dims: [20, 24, 16, 2], voxelBytes: 0 }), noise, img]);
    writeFileSync(at('single.nii'), single);
    writeFileSync(at('pair.hdr'), hdr);
    writeFileSync(at('pair.img'), img);
    writeFileSync(at('series.nii'), series);
    const moved = (sign: number) =>
      SIX.split(' ')
        .map((point) => {
          const [x = 0, y = 0, z = 0] = point.split(',').map(Number);
          return [sign * (x - 10), sign * (y - 12), z - 8].join(',');
        })
        .join(' ');
    const list = SIX.split(' ').map((point) => point.split(',').map(Number));
    writeFileSync(at('points.json'), JSON.stringify({ points: list, space: 'index' }));
    const ways: [string, string[]][] = [
      ['single.nii', POINTS],
      ['pair.hdr', POINTS],
      ['pair.img', POINTS],
      ['single.nii', ['--points', moved(1), '--space', 'ras']],
      ['single.nii', ['--points', moved(-1), '--space', 'lps']],
      ['series.nii', [...POINTS, '--frame', '1']],
      ['single.nii', ['--points', 'points.json']],
    ];
    const masks: Buffer[] = [];
    for (const [image, words] of ways) {
      const { status, stderr } = await run([image, ...HERE, ...words, '-o', 'mask.nii.gz']);
      assert.equal(status, 0, `${image} ${words}: ${stderr}`);
      masks.push(readFileSync(at('mask.nii.gz')));
    }
    for (const [way, mask] of masks.entries()) assert.deepEqual(mask, masks[0], `${ways[way]}`);
  });

  it('takes settings from variables and sextant.json', async () => {
    writeFileSync(at('head.nii'), niftiFile());
    const settings = { model: 'annotation_any', config: HERE[1], space: 'ras', output: 'file.nii' };
    writeFileSync(at('sextant.json'), JSON.stringify(settings));
    const env = { SEXTANT_SPACE: 'index', SEXTANT_POINTS: SIX, SEXTANT_OUTPUT: 'variable.nii' };
    const { status, stderr } = await run(['head.nii', '-o', 'flag.nii'], env);
    assert.equal(status, 0, stderr);
    assert.deepEqual(readdirSync(folder.path).sort(), ['flag.nii', 'head.nii', 'sextant.json']);
  });

  it('ends with status 130 on Ctrl-C, and leaves no output', async () => {
    writeFileSync(at('head.nii'), niftiFile());
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as { port: number };
    const { child, ended } = startSextant(
      ['annotate', 'head.nii', ...MODEL, ...POINTS, '--server', `127.0.0.1:${port}`],
      { cwd: folder.path },
    );
    const socket = await new Promise<import('node:net').Socket>((resolve) => {
      silent.once('connection', resolve);
    });
    child.kill('SIGINT');
    const { status, stderr } = await ended;
    socket.destroy();
    silent.close();
    assert.equal(status, 130);
    assert.match(stderr, /^sextant annotate: cancelled$/m);
    assert.deepEqual(readdirSync(folder.path), ['head.nii']);
  });
});
