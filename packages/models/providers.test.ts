import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { devices } from '#kernels';
import { encodeModel } from '../../native/cuda-kernels/test/test-models.ts';
import { MODEL_JSON, ONE_MODEL, type PoolFolder, poolFolder } from './testing/pool-folder.ts';

const STAND_IN = join(import.meta.dirname, '../../native/cuda-kernels/test/onnxruntime_stand_in.c');

interface Loaded {
  readonly device?: string;
  readonly warnings?: readonly string[];
  readonly error?: string;
}

describe('the providers that a model JSON names', function () {
  this.timeout(60_000);
  let built: string;
  let folder: PoolFolder;
  before(() => {
    built = mkdtempSync(join(tmpdir(), 'sextant-stand-in-'));
    const words = ['-shared', '-fPIC', STAND_IN, '-o', join(built, 'libonnxruntime.so')];
    const { status, stderr } = spawnSync('cc', words, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
  after(() => rmSync(built, { recursive: true }));
  beforeEach(async () => {
    folder = await poolFolder();
    await folder.write('engine_pool.json', ONE_MODEL);
    const shape = ['n', 2, 4, 4, 4];
    const network = {
      inputs: [{ name: 'in', shape }],
      outputs: [{ name: 'out', shape }],
      nodes: [{ type: 'Identity', inputs: ['in'], outputs: ['out'] }],
    };
    await folder.write('deep/model.onnx', encodeModel(network));
  });
  afterEach(() => folder.remove());

  /** Loads the pool in a process of its own, over the stand-in; with what the stand-in was asked. */
  async function load(
    changes: Record<string, unknown>,
    { strict = false, absent = '', device = 'auto' } = {},
  ): Promise<Loaded & { readonly record: readonly string[] }> {
    const config = { ...JSON.parse(MODEL_JSON), model_path: 'deep/model.onnx', ...changes };
    await folder.write('spleen.json', JSON.stringify(config));
    const record = join(folder.path, 'record');
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--import=tsx',
        '--input-type=module',
        '--eval',
        program(folder.pool, built, { strictEngine: strict, device }),
      ],
      {
        encoding: 'utf8',
        timeout: 30_000,
        env: {
          ...process.env,
          STAND_IN_LIBRARY: realLibrary(),
          STAND_IN_RECORD: record,
          STAND_IN_ABSENT: absent,
        },
      },
    );
    assert.equal(stderr, '');
    const lines = existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : [];
    return { ...JSON.parse(stdout), record: lines };
  }

  const options = (record: readonly string[], provider: string) =>
    record.flatMap((line) => {
      const prefix = `${provider} option `;
      return line.startsWith(prefix) ? [line.slice(prefix.length)] : [];
    });

  it('of a trtmodel are TensorRT with its engine and its timings kept beside the model', async () => {
    const { device, warnings, record } = await load({ model_format: 'trtmodel' });
    assert.deepEqual([device, warnings], ['tensorrt', []]);
    const beside = join(folder.path, 'deep');
    assert.deepEqual(options(record, 'tensorrt'), [
      'trt_engine_cache_enable=1',
      `trt_engine_cache_path=${beside}`,
      'trt_timing_cache_enable=1',
      `trt_timing_cache_path=${beside}`,
    ]);
    assert.deepEqual(record.slice(-2), ['tensorrt appended', 'tensorrt released']);
  });

  it('get every option as the JSON has it: half precision, workspace, another cache', async () => {
    const { device, record } = await load({
      providers: [
        {
          name: 'tensorrt',
          options: {
            trt_fp16_enable: true,
            trt_max_workspace_size: 2147483648,
            trt_engine_cache_path: '/var/cache/engines',
            trt_profile_min_shapes: 'in:1x2x4x4x4',
          },
        },
      ],
    });
    assert.equal(device, 'tensorrt');
    const passed = options(record, 'tensorrt');
    for (const option of [
      'trt_fp16_enable=1',
      'trt_max_workspace_size=2147483648',
      'trt_engine_cache_path=/var/cache/engines',
      'trt_profile_min_shapes=in:1x2x4x4x4',
      'trt_engine_cache_enable=1',
    ]) {
      assert.ok(passed.includes(option), `${option} of ${passed}`);
    }
  });

  it('are appended in their order, none behind the CPU', async () => {
    const cuda = { name: 'cuda', options: { device_id: 0, gpu_mem_limit: '1073741824' } };
    const { device, record } = await load({ providers: ['tensorrt', cuda, 'cpu'] });
    assert.equal(device, 'tensorrt');
    const order = record.filter((line) => line.endsWith(' appended'));
    assert.deepEqual(order, ['tensorrt appended', 'cuda appended']);
    assert.deepEqual(options(record, 'cuda'), ['device_id=0', 'gpu_mem_limit=1073741824']);
    const behind = await load({ providers: ['cpu', 'cuda'] });
    assert.deepEqual([behind.device, behind.record.length], ['cpu', record.length]);
  });

  it('are none with --device cpu', async () => {
    const { device, warnings, record } = await load({ providers: ['tensorrt'] }, { device: 'cpu' });
    assert.deepEqual([device, warnings, record], ['cpu', [], []]);
  });

  it('need a GPU with --device cuda, and say what is there instead', async function () {
    if (devices().cuda.available) {
      console.log('      SKIPPED: there is a GPU here');
      this.skip();
    }
    const { error } = await load({}, { device: 'cuda' });
    assert.match(error ?? '', /^ENGINE_UNAVAILABLE: --device: .*got cuda, where there is \S+/);
    assert.match(error ?? '', /--device auto/);
  });

  it('are the next one, with a warning, where the first is not there; or nothing, if told so', async () => {
    const providers = ['tensorrt', 'cuda'];
    const { device, warnings, record } = await load({ providers }, { absent: 'tensorrt' });
    assert.equal(device, 'cuda');
    assert.match(
      warnings?.join() ?? '',
      /^provider 'tensorrt' is not available: Failed to load shared/,
    );
    assert.ok(record.includes('cuda appended') && !record.includes('tensorrt appended'));
    const { error } = await load({ providers }, { absent: 'tensorrt', strict: true });
    assert.match(
      error ?? '',
      /^ENGINE_UNAVAILABLE: .*spleen\.json.*provider 'tensorrt': Failed to load shared library/,
    );
  });
});

function program(pool: string, built: string, options: object): string {
  const kernels = JSON.stringify(new URL('../../native/cuda-kernels/index.ts', import.meta.url));
  const models = JSON.stringify(new URL('load-model-pool.ts', import.meta.url));
  return `
    import { openEngine } from ${kernels};
    import { loadModelPool } from ${models};
    const engine = openEngine({ library: ${JSON.stringify(join(built, 'libonnxruntime.so'))} });
    try {
      const pool = await loadModelPool(${JSON.stringify(pool)}, { engine, ...${JSON.stringify(options)} });
      const { description, warnings } = pool.get('spleen');
      console.log(JSON.stringify({ device: description.device, warnings }));
      pool.dispose();
    } catch (error) {
      console.log(JSON.stringify({ error: error.reason + ': ' + error.message }));
    }`;
}

function realLibrary(): string {
  const manifest = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  const bin = join(dirname(manifest), 'bin');
  const napi = readdirSync(bin).find((name) => name.startsWith('napi-v')) ?? '';
  return join(bin, napi, process.platform, process.arch, 'libonnxruntime.so.1');
}
