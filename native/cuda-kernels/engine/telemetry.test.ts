import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { matrixPowerModel } from '../test/test-models.ts';

const ENGINE = new URL('index.ts', import.meta.url).href;
const LOADS_A_MODEL = `
  import { openEngine } from '${ENGINE}';
  const network = await openEngine({}).load({ modelPath: process.argv[1] });
  network.dispose();
`;

describe("ONNX Runtime's telemetry", () => {
  it('is off: no log, no machine id, nothing in any folder that it could write to', () => {
    const home = mkdtempSync(join(tmpdir(), 'sextant-telemetry-'));
    const model = join(home, 'model.onnx');
    writeFileSync(model, matrixPowerModel(8));
    const flags = ['--import=tsx', '--input-type=module', '--eval', LOADS_A_MODEL, model];
    const { ORT_DISABLE_TELEMETRY: _, ...env } = process.env;
    const { status, stderr } = spawnSync(process.execPath, flags, {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      env: { ...env, HOME: home, TMPDIR: home, XDG_CACHE_HOME: home },
      encoding: 'utf8',
    });
    const left = readdirSync(home, { recursive: true }).map(String);
    rmSync(home, { recursive: true });
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      left.filter((name) => !name.startsWith('tsx-')),
      ['model.onnx'],
    );
  });
});
