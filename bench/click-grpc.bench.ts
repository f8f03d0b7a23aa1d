// A whole click over gRPC, three processes, beside its network alone: what everything but the network
// costs. Volume resident, run lengths; the network's grid is 48 x 48 x 48 whatever the box is.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annotate, encodeRunLengths } from '#annotation';
import type { Vec3 } from '#geometry';
import type { Model } from '#models';
import { Stage } from '#proto/sextant/v1/annotation';
import { comparePairs } from '../native/cuda-kernels/test/pairs.ts';
import { readImage } from '../packages/annotation/testing/images.ts';
import { shippedModels } from '../packages/annotation/testing/shipped-models.ts';
import { MRICRON } from '../test/outside-data.ts';
import { ctPhantom, pointsAround } from './clicking/ct-phantom.ts';
import { networkAlone } from './clicking/network-alone.ts';
import { type Server, stagesText, startServer } from './clicking/served-clicks.ts';

const MODEL = 'annotation_hippocampus';
const STAGES = Object.fromEntries(
  Object.entries(Stage).map(([name, number]) => [
    number,
    name.slice('STAGE_'.length).toLowerCase(),
  ]),
);

interface Image {
  readonly name: string;
  readonly file: Uint8Array;
  readonly centre: Vec3;
  /** Of the points; the model's own margin comes on top. */
  readonly halves: readonly Vec3[];
}

async function images(): Promise<Image[]> {
  const { file } = await ctPhantom();
  const phantom: Image = {
    name: 'CT phantom',
    file,
    centre: [184, 235, 105],
    halves: [
      [45, 45, 48],
      [100, 100, 90],
    ],
  };
  const colin = `${MRICRON}ch2.nii.gz`;
  if (existsSync(colin)) {
    const centre: Vec3 = [90, 108, 90];
    const halves: Vec3[] = [
      [46, 46, 46],
      [80, 98, 80],
    ];
    return [{ name: 'Colin 27', file: readFileSync(colin), centre, halves }, phantom];
  }
  console.log(`SKIPPED: ${colin} is not there (apt-get install mricron-data)`);
  if (process.env.CI === 'true') process.exitCode = 1;
  return [phantom];
}

/** Run lengths made in this process, and how large the box is. */
async function alone(model: Model, path: string, points: readonly Vec3[]) {
  const volume = await readImage(path);
  const annotation = await annotate({ model, volume, points, space: 'index' });
  const mask = await encodeRunLengths(annotation);
  const boxVoxels = annotation.boxMask.shape.reduce((product, extent) => product * extent, 1);
  annotation.dispose();
  volume.dispose();
  return { mask, boxVoxels };
}

async function measure(server: Server, model: Model, image: Image, network: Network) {
  const path = join(folder, 'image.nii.gz');
  writeFileSync(path, image.file);
  const sessions = await server.open(image.file, image.halves.length);
  for (const [n, half] of image.halves.entries()) {
    const points = pointsAround(image.centre, half);
    const expected = await alone(model, path, points);
    const click = { sessionId: sessions[n] ?? '', model: MODEL, points };
    const begun = performance.now();
    await server.click(click);
    const firstMs = performance.now() - begun;
    let answer = await server.click(click);
    if (!answer.mask.equals(expected.mask)) throw new Error('another mask than alone');
    const run = async () => {
      answer = await server.click(click);
      return undefined;
    };
    const result = await comparePairs(
      { name: 'click', run },
      { name: 'network', run: network },
      { pairs: 15 },
    );
    const box = `${image.name}, box of ${(expected.boxVoxels / 1e6).toFixed(1)} million voxels`;
    console.log(
      `${box.padEnd(42)} click ${result.oursMs.toFixed(0)} ms, network alone ` +
        `${result.rivalMs.toFixed(0)} ms: ${(1 / result.ratio).toFixed(2)}x (aim 1.15); the ` +
        `session's first click ${firstMs.toFixed(0)} ms`,
    );
    console.log(`    the last one's stages, in ms: ${stagesText(answer, STAGES)}`);
  }
}

type Network = Awaited<ReturnType<typeof networkAlone>>;

const folder = mkdtempSync(join(tmpdir(), 'sextant-bench-images-'));
const pool = await shippedModels();
const network = await networkAlone();
const server = await startServer();
try {
  console.log('a whole click over gRPC, three processes; medians of paired runs');
  for (const image of await images()) await measure(server, pool.get(MODEL), image, network);
} finally {
  await server.stop();
  pool.dispose();
  rmSync(folder, { recursive: true });
}
