// Starts operations that run for seconds and reports; then the one that started this thread or process
// ends it. Plain JavaScript: a worker thread loads no TypeScript. argv: 'exit' ends the process itself.
import { createRequire } from 'node:module';
import { isMainThread, parentPort } from 'node:worker_threads';

const native = createRequire(import.meta.url)('@sextant/cuda-kernels/addon');
const FLOAT32 = 8;

function tensor(extent) {
  const storage = native.createStorage(extent ** 3 * 4);
  const strides = [extent ** 2, extent, 1];
  return { storage, offset: 0, dtype: FLOAT32, shape: [extent, extent, extent], strides };
}

// Oblique, so that every voxel takes the long way.
const outputToInput = [0.1, 0.01, 0, 0, 0, 0.1, 0.01, 0, 0, 0, 0.1, 0];
const input = tensor(64);
for (let job = 0; job < 4; job++) {
  const output = tensor(400);
  const options = { input, output, outputToInput, nearest: false, slope: 1, intercept: 0, fill: 0 };
  native.resample(options).then(() => console.log('an operation ended before its thread did'));
  native.releaseStorage(output.storage);
}

setTimeout(() => {
  if (isMainThread) process.exit(7);
  parentPort.postMessage('in mid-job');
}, 30);
