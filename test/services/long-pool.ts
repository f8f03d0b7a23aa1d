import { encodeModel, type Node } from '../../native/cuda-kernels/test/test-models.ts';
import {
  MODEL_JSON,
  ONE_MODEL,
  type PoolFolder,
  poolFolder,
} from '../../packages/models/testing/pool-folder.ts';

const SIZE = 64;

/**
 * A pool whose one model, `spleen`, is a chain of `products` matrix products: on two cores 16000 of
 * them take some three seconds, in nodes of a fraction of a millisecond.
 */
export async function longPool(products: number): Promise<PoolFolder> {
  const pool = await poolFolder();
  await pool.write('engine_pool.json', ONE_MODEL);
  await pool.write('spleen.json', MODEL_JSON.replace('[4, 4, 4]', `[${SIZE}, ${SIZE}, ${SIZE}]`));
  await pool.write('model.onnx', longNetwork(products));
  return pool;
}

/**
 * A pool of models: `long`, or those of `long`, as above; `quick` on the same grid and `tiny` on one of
 * 4x4x4 answer with their input, the points' channel of it.
 */
export async function cancelPool(
  products: number,
  { long = ['long'] }: { long?: readonly string[] } = {},
): Promise<PoolFolder> {
  const pool = await poolFolder();
  const [entry] = JSON.parse(ONE_MODEL) as [object];
  const model = async (name: string, side: number, network: Uint8Array) => {
    const json = { ...JSON.parse(MODEL_JSON), model_path: `${name}.onnx`, roi: [side, side, side] };
    await pool.write(`${name}.json`, JSON.stringify(json));
    await pool.write(`${name}.onnx`, network);
    return { ...entry, name, config_file: `${name}.json` };
  };
  const entries = [
    ...(await Promise.all(long.map((name) => model(name, SIZE, longNetwork(products))))),
    await model('quick', SIZE, sameNetwork(SIZE)),
    await model('tiny', 4, sameNetwork(4)),
  ];
  await pool.write('engine_pool.json', JSON.stringify(entries));
  return pool;
}

function sameNetwork(side: number): Uint8Array {
  const shape = [1, 2, side, side, side];
  return encodeModel({
    inputs: [{ name: 'in', shape }],
    outputs: [{ name: 'out', shape }],
    nodes: [{ type: 'Identity', inputs: ['in'], outputs: ['out'] }],
  });
}

/** Rows that add up to 1 keep adding up to 1: nothing overflows, however many products. */
function longNetwork(products: number): Uint8Array {
  const shape = [1, 2, SIZE, SIZE, SIZE];
  const nodes: Node[] = [{ type: 'Softmax', inputs: ['in'], outputs: ['y0'] }];
  for (let i = 1; i <= products; i++) {
    const output = i === products ? 'out' : `y${i}`;
    nodes.push({ type: 'MatMul', inputs: [`y${i - 1}`, 'y0'], outputs: [output] });
  }
  return encodeModel({ inputs: [{ name: 'in', shape }], outputs: [{ name: 'out', shape }], nodes });
}
