import assert from 'node:assert/strict';
import { problemText } from './file-problem.ts';
import { readPool } from './read-pool.ts';
import { MODEL_JSON, ONE_MODEL, type PoolFolder, poolFolder } from './testing/pool-folder.ts';

describe('reading a pool', () => {
  let folder: PoolFolder;
  beforeEach(async () => {
    folder = await poolFolder();
    await folder.write('engine_pool.json', ONE_MODEL);
    await folder.write('spleen.json', MODEL_JSON);
  });
  afterEach(() => folder.remove());

  /** All problems, one a line, with the folder's path left out. */
  async function problems(): Promise<string[]> {
    const read = await readPool(folder.pool);
    const found =
      'problems' in read
        ? read.problems
        : read.models.flatMap((model) => ('problems' in model ? model.problems : []));
    return found.map((problem) => problemText(problem).replaceAll(`${folder.path}/`, ''));
  }

  it('takes a pool that is right, with its defaults', async () => {
    assert.deepEqual(await problems(), []);
    const read = await readPool(folder.pool);
    const [model] = 'models' in read ? read.models : [];
    assert.ok(model && 'config' in model);
    assert.equal(model.type, 'annotation');
    assert.equal(model.config.connectivity, 6);
    assert.equal(model.config.version, '1');
    assert.equal(model.file.path, `${folder.path}/spleen.json`);
  });

  it('takes a byte order mark and Windows line ends', async () => {
    await folder.write('spleen.json', `\uFEFF${MODEL_JSON.replaceAll('\n', '\r\n')}`);
    assert.deepEqual(await problems(), []);
  });

  it('says that the pool file cannot be read', async () => {
    await assert.rejects(readPool(`${folder.path}/no.json`), {
      reason: 'FILE_UNREADABLE',
      got: /no\.json, which cannot be read \(no such file or folder\)$/,
    });
  });

  const pools: [string, string, string, string[]][] = [
    [
      'a syntax error',
      '"labels": ["spleen"]',
      '"labels": ["spleen"',
      ['engine_pool.json:8: expected JSON, got a syntax error: comma expected'],
    ],
    [
      'a trailing comma',
      '"labels": ["spleen"]',
      '"labels": ["spleen"],',
      ['engine_pool.json:8: expected JSON, got a syntax error: property name expected'],
    ],
    [
      'a comment',
      '"name"',
      '/* ours */ "name"',
      ['engine_pool.json:3: expected JSON, got a syntax error: invalid comment token'],
    ],
    [
      'a key twice',
      '"class":',
      '"name": "liver",\n    "class":',
      ['engine_pool.json:4: [0].name: expected each key once, got the key a second time'],
    ],
    [
      'an unknown key, with the nearest',
      '"labels"',
      '"lables"',
      [
        'engine_pool.json:2: [0].labels: expected an array, got nothing',
        'engine_pool.json:7: [0].lables: expected "labels", got a key that is not known here; did you mean "labels"?',
      ],
    ],
    [
      'labels of another type',
      '["spleen"]',
      '"spleen"',
      ['engine_pool.json:7: [0].labels: expected an array, got "spleen"'],
    ],
    [
      'no labels',
      '["spleen"]',
      '[]',
      ['engine_pool.json:7: [0].labels: expected at least 1 entries, got []'],
    ],
    [
      'a label twice',
      '["spleen"]',
      '["spleen",\n "spleen"]',
      ['engine_pool.json:8: [0].labels[1]: expected each label once, got "spleen" a second time'],
    ],
    [
      'an unknown class, with the nearest',
      'Dextr3dCroppedEngine',
      'Dextr3DCropEngine',
      [
        'engine_pool.json:4: [0].class: expected a known class: Dextr3dCroppedEngine, got "Dextr3DCropEngine"; did you mean "Dextr3dCroppedEngine"?',
      ],
    ],
    [
      "another class's module",
      'medical.aas.dextr3dcropped',
      'medical.aas.dextr3d',
      [
        'engine_pool.json:5: [0].module: expected the module of Dextr3dCroppedEngine: medical.aas.dextr3dcropped, got "medical.aas.dextr3d"; did you mean "medical.aas.dextr3dcropped"?',
      ],
    ],
    [
      'a model JSON that is not there',
      '"spleen.json"',
      '"liver.json"',
      [
        'engine_pool.json:6: [0].config_file: expected the model\'s JSON file, relative to this one, got "liver.json", which is not there',
      ],
    ],
  ];
  for (const [what, from, to, expected] of pools) {
    it(`refuses ${what} in the pool`, async () => {
      assert.ok(ONE_MODEL.includes(from));
      await folder.write('engine_pool.json', ONE_MODEL.replace(from, to));
      assert.deepEqual(await problems(), expected);
    });
  }

  it('refuses a pool that is no list, and a name twice', async () => {
    await folder.write('engine_pool.json', '{}');
    assert.deepEqual(await problems(), [
      'engine_pool.json:1: expected a list of models, [ { "name": … }, … ], got {}',
    ]);
    const [entry] = JSON.parse(ONE_MODEL) as unknown[];
    await folder.write('engine_pool.json', JSON.stringify([entry, entry], null, 1));
    assert.deepEqual(await problems(), [
      'engine_pool.json:12: [1].name: expected a name of its own, got "spleen" a second time',
    ]);
  });

  const models: [string, string, string, string[]][] = [
    [
      'an unknown key, with the nearest',
      '"thresh"',
      '"tresh"',
      [
        'spleen.json:4: tresh: expected "thresh", got a key that is not known here; did you mean "thresh"?',
      ],
    ],
    [
      'a threshold beyond 1',
      '"thresh": 0.5',
      '"thresh": 50',
      ['spleen.json:4: thresh: expected at most 1, got 50'],
    ],
    [
      'an unknown format, with the nearest',
      '"onnx"',
      '"trtmodels"',
      [
        'spleen.json:2: model_format: expected a known format: onnx, trtmodel, got "trtmodels"; did you mean "trtmodel"?',
      ],
    ],
    [
      'a missing key',
      '"model_path": "model.onnx",\n',
      '',
      ['spleen.json:1: model_path: expected a string, got nothing'],
    ],
    [
      'an roi of two axes',
      '[4, 4, 4]',
      '[4, 4]',
      ['spleen.json:5: roi: expected at least 3 entries, got [4,4]'],
    ],
    [
      'padding in two ways',
      '"padding": 2',
      '"padding": 2,\n  "paddingFraction": 0.1',
      ['spleen.json:7: paddingFraction: expected one of the two, got padding as well'],
    ],
    [
      'a grid in two ways',
      '"padding": 2',
      '"spacing": [1, 1, 1]',
      ['spleen.json:6: spacing: expected one of the two, got roi as well'],
    ],
    [
      'a connectivity that is none',
      '"padding": 2',
      '"connectivity": 8',
      ['spleen.json:6: connectivity: expected 6, 18 or 26, got 8'],
    ],
    [
      'an unknown provider',
      '"padding": 2',
      '"providers": ["gpu"]',
      [
        'spleen.json:6: providers[0]: expected "cpu", "cuda" or "tensorrt", or an object with such a name and its options, got "gpu"',
      ],
    ],
    [
      'a version that is a number',
      '"padding": 2',
      '"version": 1',
      ['spleen.json:6: version: expected a string, got 1'],
    ],
  ];
  for (const [what, from, to, expected] of models) {
    it(`refuses ${what} in a model JSON`, async () => {
      assert.ok(MODEL_JSON.includes(from));
      await folder.write('spleen.json', MODEL_JSON.replace(from, to));
      assert.deepEqual(await problems(), expected);
    });
  }

  it('reports what is wrong in the pool and in the model JSON together', async () => {
    await folder.write('engine_pool.json', ONE_MODEL.replace('aas', 'ass'));
    await folder.write('spleen.json', MODEL_JSON.replace('"thresh"', '"tresh"'));
    const found = await problems();
    assert.equal(found.length, 2);
    assert.match(found[0] ?? '', /^engine_pool\.json:5: \[0\]\.module/);
    assert.match(found[1] ?? '', /^spleen\.json:4: tresh/);
  });
});
