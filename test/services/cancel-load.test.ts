import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeModel, type Node } from '../../native/cuda-kernels/test/test-models.ts';
import {
  MODEL_JSON,
  ONE_MODEL,
  type PoolFolder,
  poolFolder,
} from '../../packages/models/testing/pool-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Two seconds to load on an idle machine, and little to run. */
const NODES = 60_000;

describe('an inference service that is ended while it loads its models', function () {
  this.timeout(120_000);
  let data: string;
  let pool: PoolFolder;
  before(async () => {
    data = mkdtempSync(join(tmpdir(), 'sextant-ended-'));
    pool = await poolFolder();
    await pool.write('engine_pool.json', ONE_MODEL);
    await pool.write('spleen.json', MODEL_JSON);
    await pool.write('model.onnx', slowToLoad());
  });
  after(async () => {
    await pool?.remove();
    if (data !== undefined) rmSync(data, { recursive: true });
  });

  const start = () => {
    const flags = [
      '--config',
      pool.pool,
      '--data',
      data,
      '--inference-port',
      '0',
      '--log-level',
      'error',
    ];
    const main = join(ROOT, 'dist/inference/main.js');
    return spawn(process.execPath, [main, ...flags], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  };

  it('is gone long before they are loaded', async () => {
    const began = performance.now();
    const whole = start();
    const [message] = await Promise.race([once(whole, 'message'), once(whole, 'exit')]);
    const readyMs = performance.now() - began;
    whole.kill('SIGKILL');
    assert.equal(message?.type, 'ready');

    const again = performance.now();
    const child = start();
    let ready = false;
    child.once('message', () => {
      ready = true;
    });
    const exit = once(child, 'exit');
    await pause(readyMs / 4);
    child.kill('SIGTERM');
    const asked = performance.now();
    const [status, signal] = await exit;
    const endedMs = performance.now() - asked;
    console.log(
      `      ready after ${readyMs.toFixed(0)} ms; asked to end after ${(asked - again).toFixed(0)} ms, gone ${endedMs.toFixed(0)} ms later`,
    );
    assert.deepEqual({ status, signal, ready }, { status: 0, signal: null, ready: false });
    assert.ok(endedMs < readyMs / 2, `gone after ${endedMs} ms`);
  });
});

function slowToLoad(): Uint8Array {
  const shape = [1, 2, 4, 4, 4];
  const nodes: Node[] = [{ type: 'Softmax', inputs: ['in'], outputs: ['y0'] }];
  for (let i = 1; i <= NODES; i++) {
    const output = i === NODES ? 'out' : `y${i}`;
    nodes.push({ type: 'MatMul', inputs: [`y${i - 1}`, 'y0'], outputs: [output] });
  }
  return encodeModel({ inputs: [{ name: 'in', shape }], outputs: [{ name: 'out', shape }], nodes });
}
