import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { SextantError } from '#errors';
import { needs, SHARED } from '../../../test/outside-data.ts';
import { Tensor } from '../lib/tensor.ts';
import { readFloat32Npy } from '../test/read-npy.ts';
import { matrixPowerModel } from '../test/test-models.ts';
import { openEngine } from './engine.ts';
import type { Network } from './network.ts';

const starter = `${SHARED}models/hippocampus-starter/`;

/** A second or so on two cores; each node a few milliseconds. */
const LONG = 600;
const SIZE = 512;

describe('engine', () => {
  const engine = openEngine();
  let folder: string;
  let long: Network;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sextant-engine-'));
    const modelPath = join(folder, 'power.onnx');
    await writeFile(modelPath, matrixPowerModel(LONG));
    long = await engine.load({ modelPath });
  });

  after(async () => {
    long.dispose();
    await rm(folder, { recursive: true });
  });

  it('describes inputs and outputs, open sizes by name', () => {
    assert.deepEqual(long.inputs, [{ name: 'x', dtype: 'float32', shape: ['n', 'n'] }]);
    assert.deepEqual(long.outputs, [{ name: 'power', dtype: 'float32', shape: ['n', 'n'] }]);
    assert.equal(long.device, 'cpu');
    assert.deepEqual(long.warnings, []);
  });

  it('gives the golden output of the hippocampus model', async function () {
    needs(this, starter, 'the models of the specification');
    using network = await engine.load({ modelPath: join(starter, 'model.onnx') });
    const given = readFloat32Npy(readFileSync(join(starter, 'golden-input-hippocampus_003.npy')));
    const golden = readFloat32Npy(readFileSync(join(starter, 'golden-output-hippocampus_003.npy')));
    using input = Tensor.fromArray('float32', given.shape, given.values);
    using output = Tensor.empty('float32', golden.shape);
    await network.run({ inputs: { NV_INPUT_IMAGE: input }, outputs: { NV_OUTPUT_LABEL: output } });
    const got = output.toArray() as Float32Array;
    const apart = golden.values.map((value, n) => Math.abs(value - (got[n] ?? Number.NaN)));
    assert.ok(apart.reduce((a, b) => Math.max(a, b), 0) <= 1.5e-5);
  });

  it('stops at the next node when cancelled, and works afterwards', async () => {
    const whole = await timed(() => run(long, SIZE));
    const controller = new AbortController();
    let cancelledAt = 0;
    setTimeout(() => {
      cancelledAt = performance.now();
      controller.abort();
    }, 60);
    await assert.rejects(run(long, SIZE, controller.signal), reason('CANCELLED'));
    const stopped = performance.now() - cancelledAt;
    // A node takes a six-hundredth of the run; half of it leaves room for a busy machine.
    assert.ok(stopped < whole / 2, `stopped after ${stopped} ms of a run of ${whole} ms`);
    assert.equal(await run(long, 3), 3);
  });

  it('gives the reason of the signal: a deadline stays a deadline', async () => {
    const controller = new AbortController();
    const details = { subject: 'request', got: '60 ms', expected: 'an earlier end' };
    setTimeout(() => controller.abort(new SextantError('DEADLINE_EXCEEDED', details)), 60);
    await assert.rejects(run(long, SIZE, controller.signal), reason('DEADLINE_EXCEEDED'));
  });

  it('refuses to begin when the signal has fired', async () => {
    await assert.rejects(run(long, SIZE, AbortSignal.abort()), reason('CANCELLED'));
  });

  it('leaves the event loop alone meanwhile', async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const took = await timed(() => run(long, SIZE));
    delay.disable();
    const worst = delay.max / 1e6;
    assert.ok(worst < took / 2, `a delay of ${worst} ms in a run of ${took} ms`);
  });

  it('runs side by side', async () => {
    const sums = await Promise.all([7, 8, 9, 10, 11, 12].map((n) => run(long, n)));
    assert.deepEqual(sums, [7, 8, 9, 10, 11, 12]);
  });

  it('holds the tensors of a run that are disposed meanwhile', async () => {
    const x = identity(64);
    const power = Tensor.empty('float32', [64, 64]);
    const bytes = power.bytes();
    const running = long.run({ inputs: { x }, outputs: { power } });
    x.dispose();
    power.dispose();
    await running;
    assert.equal(new Float32Array(bytes.buffer, bytes.byteOffset, 1)[0], 1);
  });

  it('ends a run before the network that is disposed meanwhile goes', async () => {
    const network = await engine.load({ modelPath: join(folder, 'power.onnx') });
    const running = run(network, 64);
    network.dispose();
    network.dispose();
    assert.equal(await running, 64);
    await assert.rejects(run(network, 4), reason('NETWORK_DISPOSED'));
  });

  it('has one pool of threads for all networks', async () => {
    const threads = () => readdirSync('/proc/self/task').length;
    const before = threads();
    for (let n = 0; n < 3; n++) {
      using network = await engine.load({ modelPath: join(folder, 'power.onnx') });
      await run(network, 64);
      assert.equal(threads(), before);
    }
  });

  it('is one in a process: a second call joins or is refused', () => {
    assert.equal(openEngine({ threads: engine.threads }).version, engine.version);
    assert.throws(() => openEngine({ threads: engine.threads + 1 }), reason('CONFIG_INVALID'));
    assert.throws(() => openEngine({ spinning: !engine.spinning }), reason('CONFIG_INVALID'));
    assert.throws(() => openEngine({ threads: 0 }), reason('ARGUMENT_INVALID'));
  });
});

/** Runs x^n of an identity matrix of `size`; its sum, which is `size`, tells that it is one still. */
async function run(network: Network, size: number, signal?: AbortSignal): Promise<number> {
  using x = identity(size);
  using power = Tensor.empty('float32', [size, size]);
  const tensors = { inputs: { x }, outputs: { power } };
  await network.run(signal === undefined ? tensors : { ...tensors, signal });
  return (power.toArray() as Float32Array).reduce((sum, value) => sum + value, 0);
}

function identity(size: number): Tensor {
  const values = new Float32Array(size * size);
  for (let n = 0; n < size; n++) values[n * size + n] = 1;
  return Tensor.fromArray('float32', [size, size], values);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

const reason = (expected: string) => (error: unknown) =>
  error instanceof SextantError && error.reason === expected;
