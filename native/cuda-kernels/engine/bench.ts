// The engine beside onnxruntime-node's own session.run, which blocks the event loop: the same library,
// threads and spinning. npx tsx native/cuda-kernels/engine/bench.ts [--spinning]
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor as TheirTensor } from 'onnxruntime-node';
import { Tensor } from '../lib/tensor.ts';
import { comparePairs, pairedLine } from '../test/pairs.ts';
import { readFloat32Npy } from '../test/read-npy.ts';
import { openEngine } from './engine.ts';

const starter = new URL('../../../../shared/models/hippocampus-starter/', import.meta.url);
const golden = new URL('golden-input-hippocampus_003.npy', starter);

if (existsSync(golden)) {
  await measure(fileURLToPath(new URL('model.onnx', starter)), process.argv.includes('--spinning'));
} else {
  console.log('skipped: ../shared/models/hippocampus-starter is not here');
}

async function measure(modelPath: string, spinning: boolean): Promise<void> {
  const threads = availableParallelism();
  // Ours first: the library has one environment in a process, and ours brings the shared pool.
  const engine = openEngine({ threads, spinning });
  using network = await engine.load({ modelPath });
  const session = await InferenceSession.create(modelPath, {
    intraOpNumThreads: threads,
    extra: { session: { intra_op: { allow_spinning: spinning ? '1' : '0' } } },
  });
  const { shape, values } = readFloat32Npy(readFileSync(golden));
  using input = Tensor.fromArray('float32', shape, values);
  using output = Tensor.empty('float32', shape);
  const feeds = { NV_INPUT_IMAGE: new TheirTensor('float32', values, shape) };
  const ours = async () => {
    await network.run({ inputs: { NV_INPUT_IMAGE: input }, outputs: { NV_OUTPUT_LABEL: output } });
    return undefined;
  };
  let theirs = new Float32Array();
  const rival = async () => {
    theirs = (await session.run(feeds)).NV_OUTPUT_LABEL?.data as typeof theirs;
    return undefined;
  };
  const result = await comparePairs({ name: 'ours', run: ours }, { name: 'theirs', run: rival });
  const got = output.toArray() as Float32Array;
  if (!got.every((value, n) => Math.abs(value - (theirs[n] ?? Number.NaN)) < 1e-5)) {
    throw new Error('the outputs differ');
  }
  const what = `hippocampus, ${threads} threads, ${spinning ? '' : 'no '}spinning`;
  console.log(pairedLine(what, 'onnxruntime-node', result));
}
