import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { Tensor } from '../lib/tensor.ts';
import { encodeModel, matrixPowerModel } from '../test/test-models.ts';
import { openEngine } from './engine.ts';

describe('loading a network', () => {
  const engine = openEngine();
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sextant-load-'));
    await writeFile(join(folder, 'power.onnx'), matrixPowerModel(2));
  });

  after(() => rm(folder, { recursive: true }));

  it('calls a file that is no model by what it is', async () => {
    const modelPath = join(folder, 'text.onnx');
    await writeFile(modelPath, 'a plain text\n'.repeat(100));
    await assert.rejects(engine.load({ modelPath }), {
      reason: 'MODEL_INVALID',
      subject: modelPath,
      message: /expected an ONNX model that ONNX Runtime \d+\.\d+\.\d+ can run, got /,
    });
    await writeFile(modelPath, '');
    await assert.rejects(engine.load({ modelPath }), reason('MODEL_INVALID'));
    await writeFile(modelPath, matrixPowerModel(20).subarray(0, 300));
    await assert.rejects(engine.load({ modelPath }), reason('MODEL_INVALID'));
  });

  it('refuses a model with an operator that does not exist', async () => {
    const modelPath = join(folder, 'unknown-operator.onnx');
    const ports = { inputs: [{ name: 'x', shape: [1] }], outputs: [{ name: 'y', shape: [1] }] };
    const nodes = [{ type: 'Foresee', inputs: ['x'], outputs: ['y'] }];
    await writeFile(modelPath, encodeModel({ ...ports, nodes }));
    await assert.rejects(engine.load({ modelPath }), { reason: 'MODEL_INVALID', got: /Foresee/ });
  });

  it('says when there is no such file', async () => {
    const modelPath = join(folder, 'nowhere.onnx');
    await assert.rejects(engine.load({ modelPath }), { reason: 'FILE_UNREADABLE', got: 'ENOENT' });
  });

  for (const name of ['cuda', 'tensorrt'] as const) {
    const request = () => ({
      modelPath: join(folder, 'power.onnx'),
      providers: [{ name, options: name === 'tensorrt' ? { trt_fp16_enable: '1' } : {} }],
    });

    it(`falls back to the CPU with a warning where ${name} is not there`, async () => {
      using network = await engine.load(request());
      // The packaged library is the CPU's: it lists both providers, and has neither.
      assert.equal(network.device, 'cpu');
      assert.equal(network.warnings.length, 1);
      assert.match(network.warnings[0] ?? '', new RegExp(`^provider '${name}' is not available: `));
      using x = Tensor.fromArray('float32', [1, 1], [3]);
      using power = Tensor.empty('float32', [1, 1]);
      await network.run({ inputs: { x }, outputs: { power } });
      assert.deepEqual([...power.toArray()], [27]);
    });

    it(`refuses with strict where ${name} is not there`, async () => {
      const refused = engine.load({ ...request(), strict: true });
      await assert.rejects(refused, {
        reason: 'ENGINE_UNAVAILABLE',
        subject: `provider '${name}'`,
      });
    });
  }

  it('ends at once when cancelled, and its thread soon after', async () => {
    const modelPath = join(folder, 'long.onnx');
    await writeFile(modelPath, matrixPowerModel(10_000));
    const began = performance.now();
    (await engine.load({ modelPath })).dispose();
    const wholeMs = performance.now() - began;
    const controller = new AbortController();
    // More than there are threads: some are cancelled in mid-load, some before they begin.
    const { signal } = controller;
    setMaxListeners(20, signal);
    const loads = Array.from({ length: 8 }, () => engine.load({ modelPath, signal }));
    const outcomes = Promise.allSettled(loads);
    await new Promise((resolve) => setTimeout(resolve, wholeMs / 5));
    const cancelled = performance.now();
    controller.abort();
    for (const outcome of await outcomes) {
      assert.equal(outcome.status === 'rejected' && outcome.reason.reason, 'CANCELLED');
    }
    const endedMs = performance.now() - cancelled;
    (await engine.load({ modelPath: join(folder, 'power.onnx') })).dispose();
    const freeMs = performance.now() - cancelled;
    console.log(
      `      a load of ${wholeMs.toFixed(0)} ms: eight ended after ${endedMs.toFixed(1)} ms, a thread was free after ${freeMs.toFixed(0)} ms`,
    );
    assert.ok(endedMs < wholeMs / 2, `ended after ${endedMs} ms`);
    assert.ok(freeMs < 2 * wholeMs, `free after ${freeMs} ms of eight loads of ${wholeMs} ms`);
  });

  it('asks for nothing behind the CPU', async () => {
    const providers = [{ name: 'cpu' as const }, { name: 'cuda' as const }];
    using network = await engine.load({ modelPath: join(folder, 'power.onnx'), providers });
    assert.deepEqual(network.warnings, []);
  });

  it('reads weights beside the model, and none from elsewhere', async () => {
    const inside = join(folder, 'model');
    await mkdir(inside);
    const weights = Buffer.from(Float32Array.of(10, 20).buffer);
    await writeFile(join(inside, 'weights.bin'), weights);
    await writeFile(join(folder, 'outside.bin'), weights);
    await symlink(join(folder, 'outside.bin'), join(inside, 'link.bin'));
    const load = async (location: string) => {
      const modelPath = join(inside, 'sum.onnx');
      await writeFile(modelPath, sumModel(location));
      return engine.load({ modelPath });
    };

    using network = await load('weights.bin');
    using x = Tensor.fromArray('float32', [2], [1, 2]);
    using y = Tensor.empty('float32', [2]);
    await network.run({ inputs: { x }, outputs: { y } });
    assert.deepEqual([...y.toArray()], [11, 22]);

    for (const location of ['../outside.bin', join(folder, 'outside.bin'), 'link.bin']) {
      await assert.rejects(load(location), reason('MODEL_INVALID'), location);
    }
  });
});

/** y = x + weights, the weights in a file of their own. */
function sumModel(location: string): Uint8Array {
  return encodeModel({
    inputs: [{ name: 'x', shape: [2] }],
    outputs: [{ name: 'y', shape: [2] }],
    nodes: [{ type: 'Add', inputs: ['x', 'weights'], outputs: ['y'] }],
    external: [{ name: 'weights', shape: [2], location }],
  });
}

const reason = (expected: string) => (error: unknown) =>
  error instanceof SextantError && error.reason === expected;
