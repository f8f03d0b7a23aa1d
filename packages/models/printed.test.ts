import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { openEngine } from '#kernels';
import { encodeModel } from '../../native/cuda-kernels/test/test-models.ts';
import { needs, SHARED } from '../../test/outside-data.ts';
import { loadModelPool } from './load-model-pool.ts';
import { poolFolder } from './testing/pool-folder.ts';

const CONFIGS = `${SHARED}configs/`;

describe("the guide's configuration, as printed", () => {
  before(function () {
    needs(this, CONFIGS, 'the configuration files of the specification');
  });

  /** The printed files in a folder of their own: their absolute paths alone are changed. */
  async function printed() {
    const folder = await poolFolder();
    const text = (name: string) => readFileSync(`${CONFIGS}${name}`, 'utf8');
    const [spleen] = JSON.parse(text('engine_pool.json')) as { config_file: string }[];
    assert.equal(spleen?.config_file, '/var/tmp/models/annotation_spleen.json');
    const pool = [{ ...spleen, config_file: 'annotation_spleen.json' }];
    await folder.write('engine_pool.json', JSON.stringify(pool));
    await folder.write('annotation_spleen.json', text('annotation_spleen.json'));
    return { folder, model: text('annotation_spleen.json') };
  }

  it('is wrong in nothing but its TensorFlow graph', async () => {
    const { folder } = await printed();
    await assert.rejects(loadModelPool(folder.pool, { engine: openEngine() }), {
      subject: `${folder.path}/annotation_spleen.json:3: model_path`,
      got: '"/var/tmp/models/annotation_spleen/model.trt.pb", a TensorFlow graph',
    });
    await folder.remove();
  });

  it('is served once the graph is exported to ONNX', async () => {
    const { folder, model } = await printed();
    const shape = ['n', 2, 'x', 'y', 'z'];
    const graph = encodeModel({
      inputs: [{ name: 'cond/Merge', shape }],
      outputs: [{ name: 'NV_OUTPUT_LABEL', shape }],
      nodes: [{ type: 'Identity', inputs: ['cond/Merge'], outputs: ['NV_OUTPUT_LABEL'] }],
    });
    await folder.write('spleen.onnx', graph);
    const onnx = model.replace('/var/tmp/models/annotation_spleen/model.trt.pb', 'spleen.onnx');
    await folder.write('annotation_spleen.json', onnx);
    const pool = await loadModelPool(folder.pool, { engine: openEngine() });
    const { description, chain, resultDir } = pool.get('MyAnnotationSpleenModel');
    assert.deepEqual(description.labels, ['spleen']);
    assert.deepEqual(description.roi, [128, 128, 128]);
    assert.deepEqual(description.padding, { mm: 20 });
    assert.equal(description.threshold, 0.5);
    assert.equal(description.sigma, 3);
    assert.equal(chain.answer, 'prediction');
    assert.equal(resultDir, '/var/tmp/experiments/aiaa');
    pool.dispose();
    await folder.remove();
  });
});
