import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { Tensor } from '#kernels';
import type { PreparedVolume } from './prepare-volume.ts';
import { type LoadVolume, VolumeCache } from './volume-cache.ts';

function volumeOf(bytes: number): PreparedVolume {
  const voxels = Tensor.empty('uint8', [bytes, 1, 1], { order: 'F' });
  const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  return {
    grid: { shape: [bytes, 1, 1], affine },
    dtype: 'uint8',
    voxels,
    scale: { slope: 1, intercept: 0 },
    frames: 1,
    warnings: [],
    prepared: true,
    dispose: () => voxels.dispose(),
  };
}

const load = (bytes: number) => async () => volumeOf(bytes);
const reserving = (bytes: number): LoadVolume => {
  return async (_, reserve) => {
    reserve(bytes);
    return volumeOf(bytes);
  };
};
function closedGate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
const never = () => assert.fail('decoded again');

describe('volume cache', () => {
  it('decodes once per key, however many ask at the same time', async () => {
    const cache = new VolumeCache({ limitBytes: 100 });
    let decoded = 0;
    const decode = async () => {
      decoded += 1;
      await setImmediate();
      return volumeOf(10);
    };
    const leases = await Promise.all([1, 2, 3].map(() => cache.lease('a', decode)));
    const later = await cache.lease('a', never);
    assert.equal(decoded, 1);
    assert.ok([...leases, later].every(({ volume }) => volume === later.volume));
    for (const lease of [...leases, later]) lease.release();
    assert.equal(cache.residentBytes, 10);
    cache.dispose();
    assert.ok(later.volume.voxels.disposed);
  });

  it('lets the least recently used go when room is needed', async () => {
    const cache = new VolumeCache({ limitBytes: 25 });
    for (const key of ['a', 'b']) (await cache.lease(key, load(10))).release();
    (await cache.lease('a', never)).release();
    (await cache.lease('c', load(10))).release();
    assert.deepEqual(
      ['a', 'b', 'c'].map((key) => cache.has(key)),
      [true, false, true],
    );
    assert.equal(cache.residentBytes, 20);
    cache.dispose();
    assert.equal(cache.residentBytes, 0);
  });

  it('keeps what is leased, even beyond its bounds, until it is released', async () => {
    const cache = new VolumeCache({ limitBytes: 15 });
    const a = await cache.lease('a', load(10));
    const b = await cache.lease('b', load(10));
    assert.equal(cache.residentBytes, 20);
    assert.ok(!a.volume.voxels.disposed);
    a.release();
    a.release();
    assert.ok(a.volume.voxels.disposed);
    assert.ok(!b.volume.voxels.disposed);
    b.release();
    assert.ok(cache.has('b'));
    const whale = await cache.lease('whale', load(99));
    assert.ok(!cache.has('b'));
    whale.release();
    assert.ok(!cache.has('whale'));
  });

  it('counts what is being decoded, and refuses what does not fit beside what is in use', async () => {
    const cache = new VolumeCache({ limitBytes: 25 });
    (await cache.lease('old', reserving(10))).release();
    const a = await cache.lease('a', reserving(10));
    const gate = closedGate();
    const slow = cache.lease('b', async (_, reserve) => {
      reserve(10);
      await gate.opened;
      return volumeOf(10);
    });
    await setImmediate();
    assert.ok(!cache.has('old'), 'goes before the decoding begins');
    assert.equal(cache.residentBytes, 20);
    await assert.rejects(cache.lease('c', reserving(10)), {
      reason: 'LIMIT_EXCEEDED',
      retryAfterMs: 2000,
    });
    assert.ok(!cache.has('c'));
    a.release();
    (await cache.lease('c', reserving(10))).release();
    assert.ok(!cache.has('a'));
    gate.open();
    (await slow).release();
    assert.equal(cache.residentBytes, 20);
    cache.dispose();
  });

  it('takes a volume beyond its bounds when no other is in use', async () => {
    const cache = new VolumeCache({ limitBytes: 15 });
    (await cache.lease('a', reserving(10))).release();
    const whale = await cache.lease('whale', reserving(99));
    await assert.rejects(cache.lease('a', reserving(10)), { reason: 'LIMIT_EXCEEDED' });
    whale.release();
    (await cache.lease('a', reserving(10))).release();
    cache.dispose();
  });

  it('counts a decoding that nobody waits for until it has ended', async () => {
    const cache = new VolumeCache({ limitBytes: 15 });
    const gate = closedGate();
    const caller = new AbortController();
    const given = cache.lease(
      'a',
      async (_, reserve) => {
        reserve(10);
        await gate.opened;
        throw new Error('stopped');
      },
      caller.signal,
    );
    caller.abort();
    await assert.rejects(given, { reason: 'CANCELLED' });
    assert.equal(cache.residentBytes, 10);
    await assert.rejects(cache.lease('b', reserving(10)), { reason: 'LIMIT_EXCEEDED' });
    gate.open();
    await setImmediate();
    assert.equal(cache.residentBytes, 0);
  });

  it('forgets a decoding that failed', async () => {
    const cache = new VolumeCache({ limitBytes: 100 });
    const failing = async () => {
      throw new Error('broken');
    };
    await assert.rejects(cache.lease('a', failing), /broken/);
    assert.ok(!cache.has('a'));
    (await cache.lease('a', load(10))).release();
    cache.dispose();
  });

  it('goes on decoding while anyone waits, and stops when nobody does', async () => {
    const cache = new VolumeCache({ limitBytes: 100 });
    let stopped: AbortSignal | undefined;
    let finish = (_: PreparedVolume) => {};
    const decode = (signal: AbortSignal) => {
      stopped = signal;
      return new Promise<PreparedVolume>((resolve) => {
        finish = resolve;
      });
    };
    const first = new AbortController();
    const second = new AbortController();
    const waits = [first, second].map(({ signal }) => cache.lease('a', decode, signal));
    first.abort();
    await assert.rejects(waits[0] ?? Promise.resolve(), { reason: 'CANCELLED' });
    assert.equal(stopped?.aborted, false);
    second.abort();
    await assert.rejects(waits[1] ?? Promise.resolve(), { reason: 'CANCELLED' });
    assert.equal(stopped?.aborted, true);
    assert.ok(!cache.has('a'));
    const late = volumeOf(10);
    finish(late);
    await setImmediate();
    assert.ok(late.voxels.disposed);
    assert.equal(cache.residentBytes, 0);
  });

  it('refuses a call that is cancelled already', async () => {
    const cache = new VolumeCache({ limitBytes: 100 });
    const lease = cache.lease('a', never, AbortSignal.abort());
    await assert.rejects(lease, { reason: 'CANCELLED' });
  });

  it('when disposed, keeps leases alive and nothing else', async () => {
    const cache = new VolumeCache({ limitBytes: 100 });
    const a = await cache.lease('a', load(10));
    (await cache.lease('b', load(10))).release();
    cache.dispose();
    assert.ok(!cache.has('b'));
    assert.ok(!a.volume.voxels.disposed);
    a.release();
    assert.ok(a.volume.voxels.disposed);
  });
});
