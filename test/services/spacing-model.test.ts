import assert from 'node:assert/strict';
import { encodeModel } from '../../native/cuda-kernels/test/test-models.ts';
import {
  MODEL_JSON,
  ONE_MODEL,
  type PoolFolder,
  poolFolder,
} from '../../packages/models/testing/pool-folder.ts';
import { type Services, startServices } from './running.ts';

describe('a model whose grid comes from a spacing', () => {
  let folder: PoolFolder;
  let services: Services;
  before(async () => {
    folder = await poolFolder();
    const shape = ['n', 2, 'x', 'y', 'z'];
    const graph = encodeModel({
      inputs: [{ name: 'in', shape }],
      outputs: [{ name: 'out', shape }],
      nodes: [{ type: 'Identity', inputs: ['in'], outputs: ['out'] }],
    });
    const { roi: _, ...json } = JSON.parse(MODEL_JSON) as Record<string, unknown>;
    await folder.write('engine_pool.json', ONE_MODEL);
    await folder.write('spleen.json', JSON.stringify({ ...json, spacing: [1, 1, 1], padding: 12 }));
    await folder.write('model.onnx', graph);
    services = await startServices({ config: folder.pool });
  });
  after(async () => {
    await services?.stop();
    await folder.remove();
  });

  it('has no roi over gRPC, and its margin all the same', async () => {
    const { model } = await services.models.getModel({ name: 'spleen' });
    assert.deepEqual(model?.roiShape, []);
    assert.deepEqual(model?.padding, { $case: 'paddingMm', value: 12 });
  });

  it('has neither roi nor padding over HTTP: an old client fails on one without the other', async () => {
    const response = await fetch(`${services.http}/v1/models?model=spleen`);
    const model = (await response.json()) as Record<string, unknown>;
    assert.equal(model.name, 'spleen');
    assert.ok(!('roi' in model) && !('padding' in model), JSON.stringify(model));
  });
});
