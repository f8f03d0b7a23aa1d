import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { SextantError } from '#errors';
import { pieceReader } from '../bytes/byte-reader.ts';
import { readNifti } from './read.ts';
import { syntheticNifti } from './testing/synthetic.ts';

const SIDE = 160;

describe('a signal', () => {
  // A promise that is left to itself ends a process when it fails. Mocha does not tell.
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => {
    unhandled.push(reason);
  };
  before(() => process.on('unhandledRejection', listen));
  after(() => process.off('unhandledRejection', listen));
  afterEach(async () => {
    await setTimeout(20);
    assert.deepEqual(unhandled.splice(0), []);
  });

  it('between two pieces leaves no failure of the next to itself', async () => {
    const controller = new AbortController();
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(4);
      await setImmediate();
      throw new Error('file closed');
    }
    const options = { mostBytes: 8, compressed: false, signal: controller.signal };
    const reader = pieceReader(pieces(), options);
    assert.equal(await reader.fill(new Uint8Array(4)), 4);
    controller.abort();
    await assert.rejects(reader.fill(new Uint8Array(4)), { reason: 'CANCELLED' });
    await reader.close();
  });

  it('at whatever instant ends the reading of a file in nothing but CANCELLED', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-abort-'));
    const path = join(folder, 'image.nii.gz');
    const dim = [3, SIDE, SIDE, SIDE, 1, 1, 1, 1];
    const bytes = syntheticNifti({ dim, voxels: randomBytes(SIDE ** 3) });
    await writeFile(path, gzipSync(bytes, { level: 1 }));
    let cancelled = 0;
    for (let instant = 0; instant < 100; instant++) {
      const controller = new AbortController();
      const aborting = turns(instant).then(() => controller.abort());
      try {
        const volume = await readNifti({ path }, { signal: controller.signal });
        volume.dispose();
      } catch (error) {
        assert.ok(error instanceof SextantError && error.reason === 'CANCELLED', `${error}`);
        cancelled++;
      }
      await aborting;
    }
    await rm(folder, { recursive: true });
    assert.ok(cancelled > 20, `${cancelled} came in time`);
  });
});

/** Waits for turns of the event loop: instants closer together than milliseconds. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}
