// The first click on a volume just uploaded, over gRPC, beside what cannot be saved: gunzip of the file
// and the network alone. Each click is on another volume, in a server of its own, so that its peak of
// memory is that of one first click.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annotate, encodeRunLengths } from '#annotation';
import { comparePairs } from '../native/cuda-kernels/test/pairs.ts';
import { readImage } from '../packages/annotation/testing/images.ts';
import { shippedModels } from '../packages/annotation/testing/shipped-models.ts';
import { ctPhantom, pointsAround } from './clicking/ct-phantom.ts';
import { networkAlone } from './clicking/network-alone.ts';
import { startServer } from './clicking/served-clicks.ts';

const MODEL = 'annotation_hippocampus';
const PAIRS = 3;
const POINTS = pointsAround([184, 235, 105], [45, 45, 48]);
const folder = mkdtempSync(join(tmpdir(), 'sextant-bench-first-'));
const path = join(folder, 'image.nii.gz');

async function gunzip(): Promise<void> {
  const child = spawn('gunzip', ['-c', path], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`gunzip ended with ${status}`);
}

/** Upload is not part of it. */
async function firstClick(file: Uint8Array, expected: Uint8Array) {
  const server = await startServer();
  try {
    const [sessionId = ''] = await server.open(file, 1);
    const idleMiB = server.inferencePeakMiB();
    const begun = performance.now();
    const { mask } = await server.click({ sessionId, model: MODEL, points: POINTS });
    const ms = performance.now() - begun;
    if (!mask.equals(expected)) throw new Error('another mask than alone');
    return { ms, idleMiB, peakMiB: server.inferencePeakMiB() };
  } finally {
    await server.stop();
  }
}

async function alone(): Promise<Uint8Array> {
  const pool = await shippedModels();
  const volume = await readImage(path);
  const model = pool.get(MODEL);
  const annotation = await annotate({ model, volume, points: POINTS, space: 'index' });
  const mask = await encodeRunLengths(annotation);
  annotation.dispose();
  volume.dispose();
  pool.dispose();
  return mask;
}

try {
  const { file, voxelBytes } = await ctPhantom();
  writeFileSync(path, file);
  const expected = await alone();
  const network = await networkAlone();
  let memory = { idleMiB: 0, peakMiB: 0 };
  const { oursMs, rivalMs, ratio } = await comparePairs(
    {
      name: 'first click',
      run: async () => {
        const { ms, idleMiB, peakMiB } = await firstClick(file, expected);
        memory = { idleMiB, peakMiB: Math.max(peakMiB, memory.peakMiB) };
        return ms;
      },
    },
    {
      name: 'gunzip and network',
      run: async () => {
        await gunzip();
        return network();
      },
    },
    { pairs: PAIRS },
  );
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  console.log(
    `512 x 512 x 300 int16, ${mb(voxelBytes)} in a .nii.gz of ${mb(file.length)}: first click ` +
      `${oursMs.toFixed(0)} ms, gunzip and the network alone ${rivalMs.toFixed(0)} ms: ` +
      `${(1 / ratio).toFixed(2)}x`,
  );
  console.log(
    `the inference process's peak of memory: ${memory.peakMiB.toFixed(0)} MiB (aim 1024), ` +
      `${memory.idleMiB.toFixed(0)} MiB before the click`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
