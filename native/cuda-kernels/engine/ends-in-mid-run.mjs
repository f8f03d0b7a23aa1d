// A process, or a worker in it, that ends while a network runs. Plain JavaScript, since a worker thread
// cannot load TypeScript; ends.test.ts starts it:
//
//   node ends-in-mid-run.mjs exit|worker ADDON LIBRARY MODEL
//
// MODEL takes x [n, n] to power [n, n] and runs for seconds.
import { createRequire } from 'node:module';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const SIZE = 512;
const FLOAT32 = 8;
const [mode, addonPath, library, modelPath] = process.argv.slice(2);
const addon = createRequire(import.meta.url)(addonPath);

function startRun(network, size) {
  const tensor = () => ({
    storage: addon.createStorage(size * size * 4),
    offset: 0,
    dtype: FLOAT32,
    shape: [size, size],
    strides: [size, 1],
  });
  return addon.runNetwork({
    network,
    inputs: [{ name: 'x', tensor: tensor() }],
    outputs: [{ name: 'power', tensor: tensor() }],
  });
}

async function load() {
  const { handle } = addon.openEngine({ library });
  const network = { engine: handle, modelPath, providers: [], strict: false };
  return (await addon.loadNetwork(network)).handle;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

if (!isMainThread) {
  const network = await load();
  startRun(network, SIZE);
  parentPort.postMessage('running');
} else if (mode === 'exit') {
  startRun(await load(), SIZE);
  await pause(100);
  console.log('exiting');
  process.exit(0);
} else {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  await new Promise((resolve) => worker.once('message', resolve));
  await pause(100);
  await worker.terminate();
  await startRun(await load(), 4);
  console.log('the engine outlived its worker');
}
