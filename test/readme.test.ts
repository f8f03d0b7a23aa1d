import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { needs } from './outside-data.ts';
import { type Served, serve } from './served.ts';

const ROOT = join(import.meta.dirname, '..');
const SAMPLE = join(ROOT, 'samples/hippocampus');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const NIFTI_HEADER_BYTES = 352;

describe("the README's first click", function () {
  this.timeout(180_000);
  let folder: string;
  let server: Served;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-readme-'));
    server = await serve(folder);
  });

  after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('works from the command line', () => {
    const mask = join(folder, 'cli.nii.gz');
    runCommands(blockUnder('From the command line'), mask);
    assert.ok(dice(mask) > 0.92, `Dice ${dice(mask)}`);
    assert.equal(readFileSync(`${mask}.png`).toString('latin1', 1, 4), 'PNG');
  });

  it('works with the points as text', () => {
    const text = /`(--points "[^`]+)`/.exec(README)?.[1] ?? assert.fail('no points in the README');
    const mask = join(folder, 'text.nii.gz');
    const block = blockUnder('From the command line').replace(/--points \S+/, text);
    runCommands(block, mask);
    assert.ok(dice(mask) > 0.92);
  });

  it('works for a second click, without sending the image again', () => {
    const mask = join(folder, 'session.nii.gz');
    const told = runBlock('A second click', mask);
    assert.match(told, /^session +[0-9a-f]{32}$/m);
    assert.match(told, /^[0-9a-f]{32} ended$/m);
    assert.ok(dice(mask) > 0.92);
  });

  it('works from Python', function () {
    needs(this, '/usr/lib/python3/dist-packages/grpc', 'npm run setup -- --test');
    needs(this, '/usr/bin/grpc_python_plugin', 'npm run setup -- --test');
    const mask = join(folder, 'python.nii.gz');
    runBlock('From Python', mask);
    assert.ok(dice(mask) > 0.92);
  });

  it('works with buf curl', () => {
    const mask = join(folder, 'curl.nii.gz');
    const output = runBlock('With buf curl', mask);
    assert.match(output, /"name": ?"annotation_hippocampus"/);
    assert.ok(dice(mask) > 0.92);
  });

  it('tells the models over HTTP', () => {
    const block = /```sh\n(curl [^`]*)```/.exec(README)?.[1] ?? assert.fail('no curl');
    const models = JSON.parse(runCommands(block, join(folder, 'unused')));
    assert.deepEqual(
      models.map(({ name }: { name: string }) => name),
      ['annotation_hippocampus'],
    );
  });

  function runBlock(heading: string, mask: string): string {
    return runCommands(blockUnder(heading), mask, { SEXTANT_SERVER: server.address });
  }

  /** The README's own words, but for the port and for where the results go. */
  it('shows what a chain of transforms does, to the last digit', () => {
    const section = README.split('## What a chain of transforms does\n')[1] ?? '';
    const [, command = '', printed = ''] =
      /```sh\n([\s\S]*?)```[\s\S]*?```\n([\s\S]*?)```/.exec(section) ?? [];
    const seen = join(folder, 'seen');
    const found = runCommands(command.replace('-o seen', `-o ${seen}`), 'none');
    assert.equal(found.replaceAll(seen, 'seen'), printed);
  });

  function runCommands(commands: string, mask: string, env: NodeJS.ProcessEnv = {}): string {
    const script = commands
      .replaceAll('mask.nii.gz', mask)
      .replaceAll('mask.png', `${mask}.png`)
      .replaceAll('127.0.0.1:50051', server.address)
      .replaceAll('127.0.0.1:5000/', `${server.httpAddress}/`);
    const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, XDG_STATE_HOME: join(folder, 'state'), ...env },
    });
    assert.equal(status, 0, `${script}\n${stdout}${stderr}`);
    return stdout;
  }
});

function blockUnder(heading: string): string {
  const section = README.split(`### ${heading}\n`)[1];
  return /```sh\n([\s\S]*?)```/.exec(section ?? '')?.[1] ?? assert.fail(`no block: ${heading}`);
}

/** Dice of a mask with the sample's label, of which any part counts. Both are uint8 on one grid. */
function dice(maskFile: string): number {
  const [mask, label] = [maskFile, join(SAMPLE, 'label.nii.gz')].map((file) =>
    gunzipSync(readFileSync(file)).subarray(NIFTI_HEADER_BYTES),
  );
  assert.ok(mask && label && mask.length === label.length);
  let [both, sum] = [0, 0];
  for (const [index, value] of mask.entries()) {
    const drawn = label[index] !== 0;
    if (value !== 0 && drawn) both++;
    sum += Number(value !== 0) + Number(drawn);
  }
  return (2 * both) / sum;
}
