import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const MODEL = fileURLToPath(
  new URL('../../models/annotation_hippocampus/model.onnx', import.meta.url),
);
const CHANNELS = 2;
const SIDE = 48;

/**
 * The network of annotation_hippocampus by onnxruntime-node, in this process: the threads and the
 * spinning that the services have by default. Open Sextant's own engine before, if at all: the
 * library has one environment in a process.
 */
export async function networkAlone(): Promise<() => Promise<undefined>> {
  const session = await InferenceSession.create(MODEL, {
    intraOpNumThreads: availableParallelism(),
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const shape = [1, CHANNELS, SIDE, SIDE, SIDE];
  const values = Float32Array.from({ length: CHANNELS * SIDE ** 3 }, (_, n) => Math.sin(n));
  const feeds = { NV_INPUT_IMAGE: new Tensor('float32', values, shape) };
  return async () => {
    await session.run(feeds);
    return undefined;
  };
}
