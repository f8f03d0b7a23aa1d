import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { matrixPowerModel } from '../test/test-models.ts';
import { packagedLibraryPath } from './library-path.ts';

describe('a run whose world ends', () => {
  const child = fileURLToPath(new URL('ends-in-mid-run.mjs', import.meta.url));
  const addon = createRequire(import.meta.url).resolve('@sextant/cuda-kernels/addon');
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-ends-'));
    writeFileSync(join(folder, 'power.onnx'), matrixPowerModel(1500));
  });

  after(() => rmSync(folder, { recursive: true }));

  const start = (mode: string) =>
    spawnSync(
      process.execPath,
      [child, mode, addon, packagedLibraryPath(), join(folder, 'power.onnx')],
      { encoding: 'utf8', timeout: 30_000 },
    );

  // Such failures come by chance, so each way is gone a few times.
  for (let round = 1; round <= 3; round++) {
    it(`process.exit in mid-run is a clean exit (${round})`, () => {
      const { status, signal, stdout, stderr } = start('exit');
      assert.deepEqual(
        { status, signal, stdout },
        { status: 0, signal: null, stdout: 'exiting\n' },
      );
      assert.equal(stderr, '');
    });

    it(`a worker ended in mid-run leaves the engine whole (${round})`, () => {
      const { status, signal, stdout, stderr } = start('worker');
      assert.deepEqual({ status, signal }, { status: 0, signal: null }, stderr);
      assert.equal(stdout, 'the engine outlived its worker\n');
      assert.equal(stderr, '');
    });
  }
});
