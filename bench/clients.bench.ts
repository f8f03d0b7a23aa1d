// 1, 8 and 64 clients that click for some seconds each, one click after the other, beside the network
// alone run back to back for as long just before. One network runs at a time, so that what is waited is
// what the queue before a click needs.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annotate, encodeRunLengths } from '#annotation';
import { readImage } from '../packages/annotation/testing/images.ts';
import { shippedModels } from '../packages/annotation/testing/shipped-models.ts';
import { ctPhantom, pointsAround } from './clicking/ct-phantom.ts';
import { networkAlone } from './clicking/network-alone.ts';
import { startServer } from './clicking/served-clicks.ts';

const MODEL = 'annotation_hippocampus';
const CLIENTS = [1, 8, 64];
const SECONDS = 6;
const POINTS = pointsAround([184, 235, 105], [45, 45, 48]);

interface Rate {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** `clients` at once, each one call after the other, until the time is over. */
async function rateOf(clients: number, call: (client: number) => Promise<unknown>): Promise<Rate> {
  const begun = performance.now();
  const taken: number[] = [];
  const one = async (client: number) => {
    while (performance.now() - begun < 1000 * SECONDS) {
      const start = performance.now();
      await call(client);
      taken.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => one(client)));
  const seconds = (performance.now() - begun) / 1000;
  taken.sort((a, b) => a - b);
  const at = (share: number) => taken[Math.min(taken.length - 1, Math.floor(share * taken.length))];
  return {
    perSecond: taken.length / seconds,
    p50Ms: at(0.5) ?? Number.NaN,
    p99Ms: at(0.99) ?? Number.NaN,
  };
}

/** Run lengths made in this process. */
async function alone(path: string): Promise<Uint8Array> {
  const pool = await shippedModels();
  const volume = await readImage(path);
  const options = { model: pool.get(MODEL), volume, points: POINTS, space: 'index' } as const;
  const annotation = await annotate(options);
  const mask = await encodeRunLengths(annotation);
  annotation.dispose();
  volume.dispose();
  pool.dispose();
  return mask;
}

function text({ perSecond, p50Ms, p99Ms }: Rate): string {
  return `${perSecond.toFixed(1)} a second, p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms`;
}

const folder = mkdtempSync(join(tmpdir(), 'sextant-bench-clients-'));
const path = join(folder, 'image.nii.gz');
try {
  const { file } = await ctPhantom();
  writeFileSync(path, file);
  const expected = await alone(path);
  const network = await networkAlone();
  const server = await startServer();
  try {
    const sessions = await server.open(file, Math.max(...CLIENTS));
    const click = async (client: number) => {
      const sessionId = sessions[client] ?? '';
      const { mask } = await server.click({ sessionId, model: MODEL, points: POINTS });
      if (!mask.equals(expected)) throw new Error('another mask than alone');
    };
    await click(0);
    for (const clients of CLIENTS) {
      const back = await rateOf(1, network);
      const clicks = await rateOf(clients, click);
      console.log(
        `${String(clients).padStart(2)} clients   clicks ${text(clicks)}   network alone ` +
          `${text(back)}   ${(clicks.perSecond / back.perSecond).toFixed(2)} of its rate`,
      );
    }
  } finally {
    await server.stop();
  }
} finally {
  rmSync(folder, { recursive: true });
}
