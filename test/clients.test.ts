import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { needs } from './outside-data.ts';
import { type Served, serve } from './served.ts';

const ROOT = join(import.meta.dirname, '..');
const SAMPLE = join(ROOT, 'samples/hippocampus');
const IMAGE = join(SAMPLE, 'image.nii.gz');
const POINTS = join(SAMPLE, 'points.json');
const PYTHON = '/usr/bin/python3';
for (const { name, command, prepare } of [
  { name: 'the shell client', command: ['clients/shell/first_click.sh'], prepare: () => {} },
  {
    name: 'the Python client',
    command: [PYTHON, 'clients/python/first_click.py'],
    prepare: makePythonCode,
  },
]) {
  describe(name, function () {
    this.timeout(120_000);
    let folder: string;
    let server: Served;

    before(async function () {
      prepare(this);
      folder = mkdtempSync(join(tmpdir(), 'sextant-clients-'));
      server = await serve(folder);
    });

    after(async () => {
      await server?.stop();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    const click = (...args: string[]) => clickAt(server.address, ...args);

    function clickAt(address: string, ...args: string[]) {
      const [program = '', ...first] = command;
      const { status, stdout, stderr } = spawnSync(program, [...first, ...args], {
        cwd: ROOT,
        encoding: 'utf8',
        env: { ...process.env, SEXTANT_SERVER: address },
      });
      return { status, stdout, stderr };
    }

    const maskFile = () => join(folder, 'mask.nii.gz');

    it('sends an image of several chunks', () => {
      const image = join(folder, 'large.nii');
      writeFileSync(image, withGap(gunzipSync(readFileSync(IMAGE)), 3.5 * 2 ** 20));
      const small = click(IMAGE, POINTS, maskFile());
      assert.equal(small.status, 0, small.stderr);
      const expected = readFileSync(maskFile());
      const large = click(image, POINTS, maskFile());
      assert.equal(large.status, 0, large.stderr);
      assert.ok(gunzipSync(readFileSync(maskFile())).equals(gunzipSync(expected)));
    });

    it('tells how it is called', () => {
      const { status, stderr } = click();
      assert.notEqual(status, 0);
      assert.match(stderr, /IMAGE POINTS\.json MASK\.nii\.gz \[MODEL\]/);
    });

    it('says how to name a server where none answers', () => {
      const { status, stderr } = clickAt('127.0.0.1:1', IMAGE, POINTS, maskFile());
      assert.notEqual(status, 0);
      assert.match(stderr, /127\.0\.0\.1:1.*SEXTANT_SERVER/);
    });

    it('tells a missing image in one line', () => {
      const { status, stderr } = click('gone.nii.gz', POINTS, maskFile());
      assert.notEqual(status, 0);
      assert.match(stderr, /^[^\n]*gone\.nii\.gz: [Nn]o such file[^\n]*\n$/);
    });

    it('asks for the space of the points', () => {
      const points = join(folder, 'points.json');
      writeFileSync(
        points,
        JSON.stringify({ points: JSON.parse(readFileSync(POINTS, 'utf8')).points }),
      );
      const { status, stderr } = click(IMAGE, points, maskFile());
      assert.notEqual(status, 0);
      assert.match(stderr, /points\.json: "space" must be "index", "ras" or "lps"/);
      assert.doesNotMatch(stderr, /Traceback|^\s+at /m);
    });

    it('leaves an older mask, no part of a new one and no session when the click fails', async () => {
      writeFileSync(maskFile(), 'older');
      const { status, stderr } = click(IMAGE, POINTS, maskFile(), 'no_such_model');
      assert.notEqual(status, 0);
      assert.match(stderr, /no_such_model/);
      assert.equal(readFileSync(maskFile(), 'utf8'), 'older');
      assert.deepEqual(
        readdirSync(folder).filter((file) => file.endsWith('.part')),
        [],
      );
      const count = (method: string) => server.log().split(method).length - 1;
      while (!/Annotate[^\n]*NOT_FOUND/.test(server.log())) await pause(10);
      while (count('DeleteSession') < count('CreateSession')) await pause(10);
      assert.ok(count('DeleteSession') > 0, 'calls are logged');
    });

    it('tells without a stack trace that an image is empty', () => {
      const image = join(folder, 'empty.nii.gz');
      writeFileSync(image, '');
      const { status, stderr } = click(image, POINTS, maskFile());
      assert.notEqual(status, 0);
      assert.doesNotMatch(stderr, /Traceback|^\s+at /m);
    });
  });
}

describe('the Python client without grpc', () => {
  it('says in one line which interpreter has it', function () {
    needs(this, PYTHON, 'apt-get install python3');
    // -S leaves out the folders of installed packages.
    const { status, stderr } = spawnSync(PYTHON, ['-S', 'clients/python/first_click.py'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    assert.equal(status, 1);
    assert.match(stderr, /^\/usr\/bin\/python3 has no grpc: [^\n]*python3-grpcio[^\n]*\n$/);
  });
});

/** Makes the code that the Python client imports. */
function makePythonCode(context: Mocha.Context): void {
  needs(context, '/usr/lib/python3/dist-packages/grpc', 'npm run setup -- --test');
  needs(context, '/usr/bin/grpc_python_plugin', 'npm run setup -- --test');
  const { status, stderr } = spawnSync('clients/python/generate.sh', { cwd: ROOT });
  assert.equal(status, 0, String(stderr));
}

/** The same NIfTI file with bytes between its header and its voxels, as the standard allows. */
function withGap(file: Buffer, bytes: number): Buffer {
  const headerBytes = file.readFloatLE(108);
  const header = Buffer.from(file.subarray(0, headerBytes));
  header.writeFloatLE(headerBytes + bytes, 108);
  return Buffer.concat([header, Buffer.alloc(bytes), file.subarray(headerBytes)]);
}
