import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { MaskEncoding } from '#proto/sextant/v1/annotation';
import type { PoolFolder } from '../../packages/models/testing/pool-folder.ts';
import { startClick, wholeClick } from './clicking.ts';
import { largeImage } from './large-image.ts';
import { cancelPool } from './long-pool.ts';
import { CLICKS, type Services, startServices } from './running.ts';

/** 100 MB of voxels: a second to inflate. */
const SHAPE = [512, 512, 200] as const;
const RESOLUTION_MS = 5;

// Client, gateway and inference share this process, and its loop: what blocks one is seen by all.
describe('the event loop', function () {
  this.timeout(120_000);
  let pool: PoolFolder;
  let services: Services;
  let file: Uint8Array;
  before(async () => {
    pool = await cancelPool(2);
    services = await startServices({ config: pool.pool });
    file = await largeImage(SHAPE, { gzip: true });
  });
  after(async () => {
    await services?.stop();
    await pool?.remove();
  });

  it('goes on while a large volume comes, is decoded, clicked and written as a file', async () => {
    const sessionId = await goesOn('upload', () => services.open(file));
    const question = { sessionId, model: 'quick', points: CLICKS };
    const maskEncoding = MaskEncoding.MASK_ENCODING_NIFTI_GZIP;
    const click = () => wholeClick(startClick(services, { ...question, maskEncoding }));
    await goesOn('first click, with decoding', click);
    await goesOn('second click', click);
  });
});

/**
 * Tells how late the loop came during `work`. One piece of it that took a third of the time would have
 * been done on the loop: inflating at one go, say. Shorter pauses are printed, not judged, since others
 * may have the machine as well.
 */
async function goesOn<T>(what: string, work: () => Promise<T>): Promise<T> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const began = performance.now();
  const result = await work();
  const tookMs = performance.now() - began;
  delays.disable();
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const longestMs = late(delays.max);
  console.log(
    `      ${what}: ${tookMs.toFixed(0)} ms, the loop late by p99 ${late(delays.percentile(99)).toFixed(1)} ms, at most ${longestMs.toFixed(1)} ms`,
  );
  assert.ok(longestMs < Math.max(200, tookMs / 3), `${what}: blocked for ${longestMs} ms`);
  return result;
}
