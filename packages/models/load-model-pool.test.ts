import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { SextantError } from '#errors';
import { openEngine } from '#kernels';
import { encodeModel, type Port } from '../../native/cuda-kernels/test/test-models.ts';
import { loadModelPool, type PoolOptions } from './load-model-pool.ts';
import { MODEL_JSON, ONE_MODEL, type PoolFolder, poolFolder } from './testing/pool-folder.ts';

const SHIPPED = fileURLToPath(new URL('../../models/engine_pool.json', import.meta.url));

/** A network that hands on what it gets. */
function network(
  input: Port['shape'] = ['n', 2, 4, 4, 4],
  output: Port['shape'] = input,
  names = { input: 'in', output: 'out' },
): Uint8Array {
  return encodeModel({
    inputs: [{ name: names.input, shape: input }],
    outputs: [{ name: names.output, shape: output }],
    nodes: [{ type: 'Identity', inputs: [names.input], outputs: [names.output] }],
  });
}

/** The same model with three channels of points, and all four of its output as the answer. */
const FOUR_CHANNELS = (() => {
  const model = JSON.parse(MODEL_JSON) as { pre_transforms: unknown[] };
  const [to4d, points] = model.pre_transforms;
  const writers = [{ name: 'writers.WriteNiftyResults', applied_key: 'model' }];
  const pre_transforms = [to4d, points, points, points];
  return JSON.stringify({ ...model, pre_transforms, post_transforms: [], writers });
})();

describe('loading a pool', () => {
  let folder: PoolFolder;
  beforeEach(async () => {
    folder = await poolFolder();
    await folder.write('engine_pool.json', ONE_MODEL);
    await folder.write('spleen.json', MODEL_JSON);
    await folder.write('model.onnx', network());
  });
  afterEach(() => folder.remove());

  const load = (options: Partial<PoolOptions> = {}) =>
    loadModelPool(folder.pool, { engine: openEngine(), ...options });

  /** The error of the pool, its folder left out, and its reason in front. */
  async function refusal(options: Partial<PoolOptions> = {}): Promise<string> {
    try {
      const pool = await load(options);
      pool.dispose();
    } catch (error) {
      assert.ok(error instanceof SextantError, String(error));
      return `${error.reason} ${error.message.replaceAll(`${folder.path}/`, '')}`;
    }
    return assert.fail('the pool was loaded');
  }

  it('describes the shipped models and logs their licences', async () => {
    const lines: object[] = [];
    const log = { info: (fields: object) => lines.push(fields), warn: assert.fail };
    const pool = await loadModelPool(SHIPPED, { engine: openEngine(), log });
    const [hippocampus, any] = pool.list().map((model) => model.description);
    assert.ok(hippocampus && any);
    assert.deepEqual(hippocampus, {
      name: 'annotation_hippocampus',
      className: 'Dextr3dCroppedEngine',
      type: 'annotation',
      labels: ['hippocampus'],
      description: hippocampus.description,
      version: '1',
      licence: 'CC-BY-SA-4.0',
      engine: 'onnx',
      device: 'cpu',
      roi: [48, 48, 48],
      padding: { mm: 6 },
      sigma: 3,
      connectivity: 6,
      threshold: 0.5,
    });
    assert.deepEqual(any.padding, { fraction: 0.13 });
    assert.equal(any.licence, 'Apache-2.0');
    assert.deepEqual(
      lines.flatMap((line) => ('licence' in line ? [line.licence] : [])),
      ['CC-BY-SA-4.0', 'Apache-2.0'],
    );
    pool.dispose();
  });

  it('names the nearest of unknown models', async () => {
    const pool = await load();
    assert.equal(pool.get('spleen').name, 'spleen');
    assert.throws(() => pool.get('splen'), {
      reason: 'MODEL_UNKNOWN',
      remedy: 'did you mean "spleen"?',
    });
    assert.throws(() => pool.get('n'.repeat(4_000_000)), {
      reason: 'MODEL_UNKNOWN',
      got: `"${'n'.repeat(80)}…"`,
    });
    pool.dispose();
  });

  it('takes an open grid and an open batch', async () => {
    await folder.write('spleen.json', MODEL_JSON.replace('"roi": [4, 4, 4],', ''));
    await folder.write('model.onnx', network(['n', 2, 4, 5, 6]));
    const pool = await load();
    assert.deepEqual(pool.get('spleen').description.roi, [4, 5, 6]);
    pool.dispose();
  });

  it('takes a spacing for a network whose grid is open', async () => {
    await folder.write(
      'spleen.json',
      MODEL_JSON.replace('"roi": [4, 4, 4]', '"spacing": [1, 1, 2]'),
    );
    await folder.write('model.onnx', network(['n', 2, 'x', 'y', 'z']));
    const pool = await load();
    const { grid, description } = pool.get('spleen');
    assert.deepEqual(grid, { kind: 'spacing', spacingMm: [1, 1, 2] });
    assert.equal(description.roi, undefined, 'each box makes its own');
    pool.dispose();
  });

  it('falls back from TensorRT to the CPU with a warning, or refuses', async () => {
    await folder.write('spleen.json', MODEL_JSON.replace('"onnx"', '"trtmodel"'));
    const warned: string[] = [];
    const log = { info: () => {}, warn: (_: object, message: string) => warned.push(message) };
    const pool = await load({ log });
    const model = pool.get('spleen');
    if (model.description.device === 'tensorrt') return pool.dispose();
    assert.equal(model.description.device, 'cpu');
    assert.match(model.warnings.join(), /tensorrt/i);
    assert.deepEqual(warned, model.warnings);
    pool.dispose();
    const strict = await refusal({ strictEngine: true });
    assert.match(strict, /^ENGINE_UNAVAILABLE spleen\.json:3: model_path/);
  });

  it('leaves broken models out on demand, with a warning', async () => {
    const [entry] = JSON.parse(ONE_MODEL) as { name: string; config_file: string }[];
    const broken = { ...entry, name: 'liver', config_file: 'liver.json' };
    await folder.write('engine_pool.json', JSON.stringify([broken, entry], null, 1));
    const warned: object[] = [];
    const log = { info: () => {}, warn: (fields: object) => warned.push(fields) };
    const pool = await load({ skipBroken: true, log });
    assert.deepEqual(
      pool.list().map(({ name }) => name),
      ['spleen'],
    );
    assert.equal(warned.length, 1);
    assert.match(JSON.stringify(warned), /liver\.json.*which is not there/);
    pool.dispose();
  });

  it('stops when cancelled', async () => {
    assert.match(await refusal({ signal: AbortSignal.abort() }), /^CANCELLED/);
  });

  it('reports the problems of all models together', async () => {
    const [entry] = JSON.parse(ONE_MODEL) as { name: string; config_file: string }[];
    const second = { ...entry, name: 'liver', config_file: 'liver.json' };
    await folder.write('engine_pool.json', JSON.stringify([entry, second], null, 1));
    await folder.write('spleen.json', MODEL_JSON.replace('"sigma": 3', '"sigma": 0'));
    await folder.write('liver.json', MODEL_JSON.replace('"in"', '"inn"'));
    const text = await refusal();
    assert.match(text, /engine_pool\.json: expected .*, got 2 problems:\n/);
    assert.match(
      text,
      /\n {2}spleen\.json:13: pre_transforms\[1\]\.sigma: expected more than 0, got 0/,
    );
    assert.match(text, /\n {2}liver\.json:7: input_nodes\.image: .*did you mean "in"\?/);
  });

  const TENSORFLOW =
    'expected an ONNX file, got "NAME", a TensorFlow graph; export the network to ONNX, for instance with tf2onnx, and name the .onnx file here';
  for (const name of [
    'model.trt.pb',
    'model.fzn.pb',
    'model.ckpt',
    'model.ckpt.data-00000-of-00001',
  ]) {
    it(`refuses the TensorFlow graph ${name} and says the way out`, async () => {
      await folder.write('spleen.json', MODEL_JSON.replace('model.onnx', name));
      const expected = `CONFIG_INVALID spleen.json:3: model_path: ${TENSORFLOW.replace('NAME', name)}`;
      assert.equal(await refusal(), expected);
    });
  }

  it('refuses a model file that is not there, and one that is no model', async () => {
    await folder.write('spleen.json', MODEL_JSON.replace('model.onnx', 'none.onnx'));
    assert.equal(
      await refusal(),
      'CONFIG_INVALID spleen.json:3: model_path: expected an ONNX file, relative to this JSON file, got "none.onnx", which is not there',
    );
    await folder.write('none.onnx', 'this is no model');
    assert.match(
      await refusal(),
      /^MODEL_INVALID spleen\.json:3: model_path: expected .*none\.onnx/,
    );
  });

  const json = (from: string, to: string) => MODEL_JSON.replace(from, to);
  const misfits: [string, { json?: string; network?: Uint8Array; pool?: string }, string][] = [
    [
      'an input that the graph does not have',
      { json: json('"in"', '"inn"') },
      'spleen.json:7: input_nodes.image: expected an input of the network: in, got "inn"; did you mean "in"?',
    ],
    [
      'an output that the graph does not have',
      { json: json('"out"', '"NV_OUTPUT_LABEL"') },
      'spleen.json:8: output_nodes.model: expected an output of the network: out, got "NV_OUTPUT_LABEL"',
    ],
    [
      'channels that the chain does not make',
      {
        network: network(['n', 3, 4, 4, 4], ['n', 3, 4, 4, 4]),
        json: json('"background",', '"a", "b",'),
      },
      'spleen.json:10: pre_transforms: expected 3, as the network\'s input in has, got 2 channels of "image" after pre_transforms',
    ],
    [
      'a network of another rank',
      { network: network([1, 2, 4, 4]) },
      'spleen.json:7: input_nodes.image: expected the 5 axes [batch, channel, x, y, z], got in of shape [1, 2, 4, 4]',
    ],
    [
      'another grid',
      { json: json('[4, 4, 4]', '[4, 4, 8]') },
      'spleen.json:5: roi: expected [4, 4, 4], the grid of in, got [4,4,8]',
    ],
    [
      'a spacing for a fixed grid',
      { json: json('"roi": [4, 4, 4]', '"spacing": [1, 1, 1]') },
      'spleen.json:5: spacing: expected none for a network of fixed grid [4, 4, 4], the grid of in, got a spacing',
    ],
    [
      'another batch',
      { network: network([2, 2, 4, 4, 4]) },
      'spleen.json:9: batch_size: expected 2, the first dimension of in, got 1',
    ],
    [
      'an output whose channels are open',
      { network: network(['n', 'c', 4, 4, 4]) },
      'spleen.json:8: output_nodes.model: expected an output whose number of channels the graph fixes, got out of shape [n, c, 4, 4, 4]',
    ],
    [
      'more labels than the answer has',
      { pool: ONE_MODEL.replace('["spleen"]', '["spleen", "liver"]') },
      'engine_pool.json:7: [0].labels: expected 1, as the answer "prediction" of 1 channel makes, got 2 labels',
    ],
    [
      'fewer labels than argmax makes',
      {
        network: network(['n', 4, 4, 4, 4]),
        json: FOUR_CHANNELS,
      },
      'engine_pool.json:7: [0].labels: expected 3, as the answer "model" of 4 channels makes, got 1 labels; the first channel is the background and has no label',
    ],
  ];
  for (const [what, change, expected] of misfits) {
    it(`refuses ${what}`, async () => {
      if (change.json) await folder.write('spleen.json', change.json);
      if (change.network) await folder.write('model.onnx', change.network);
      if (change.pool) await folder.write('engine_pool.json', change.pool);
      const told = await refusal();
      assert.ok(told.includes(expected), `${told}\n  does not tell\n${expected}`);
    });
  }
});
