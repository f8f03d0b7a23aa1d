import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VolumeCache } from '#annotation';
import { identityAffine } from '#geometry';
import { Tensor } from '#kernels';
import { writeNifti } from '#volume/nifti';
import { ResidentVolumes } from './resident-volumes.ts';

describe('volumes that are sent to the inference service', () => {
  let directory: string;
  let cache: VolumeCache;
  let volumes: ResidentVolumes;
  let bytes: Uint8Array;
  let volumeId: string;

  before(async () => {
    using voxels = Tensor.fromArray('uint8', [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8], { order: 'F' });
    const grid = { shape: [2, 2, 2], affine: identityAffine } as const;
    bytes = await writeNifti({ grid, dtype: 'uint8', voxels });
    volumeId = createHash('sha256').update(bytes).digest('hex');
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sextant-resident-'));
    cache = new VolumeCache({ limitBytes: 2 ** 20 });
    volumes = new ResidentVolumes({ cache, directory, volumeLimitBytes: 2 ** 20 });
  });
  afterEach(() => {
    cache.dispose();
    rmSync(directory, { recursive: true });
  });

  async function* sent() {
    yield bytes;
  }

  /** Sends nothing more until its call is cancelled. */
  async function* stuck(signal: AbortSignal) {
    yield bytes.subarray(0, 100);
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('the call is gone')));
    });
  }

  const never = new AbortController().signal;

  it('are there for the next call', async () => {
    await assert.rejects(volumes.lease({ volumeId }, never), { reason: 'VOLUME_NOT_RESIDENT' });
    await volumes.load({ volumeId }, sent(), never);
    using lease = await volumes.lease({ volumeId }, never);
    assert.deepEqual(lease.volume.grid.shape, [2, 2, 2]);
  });

  it('are refused under a name that is not the digest of their bytes', async () => {
    const other = { volumeId: '0'.repeat(64) };
    await assert.rejects(volumes.load(other, sent(), never), { reason: 'VOLUME_DIGEST_MISMATCH' });
    await assert.rejects(volumes.lease(other, never), { reason: 'VOLUME_NOT_RESIDENT' });
  });

  it('do not fail for a second sender when the first is cancelled', async () => {
    const first = new AbortController();
    const one = volumes.load({ volumeId }, stuck(first.signal), first.signal);
    const two = volumes.load({ volumeId }, sent(), never);
    setTimeout(() => first.abort(), 20);
    await assert.rejects(one);
    await two;
    using lease = await volumes.lease({ volumeId }, never);
    assert.deepEqual(lease.volume.grid.shape, [2, 2, 2]);
  });

  it('are taken from a sender who joins a call that found no file', async () => {
    const asked = volumes.lease({ volumeId }, never);
    const loaded = volumes.load({ volumeId }, sent(), never);
    await assert.rejects(asked, { reason: 'VOLUME_NOT_RESIDENT' });
    await loaded;
  });
});
