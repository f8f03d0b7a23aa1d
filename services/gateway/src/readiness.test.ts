import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { LONGEST_RETRY_MS, SHORTEST_RETRY_MS, START_MS } from './limits.ts';
import { Readiness } from './readiness.ts';

describe('the readiness of the inference service', () => {
  const never = new AbortController().signal;

  it('is waited for, by all who wait at once', async () => {
    const readiness = new Readiness();
    const waiting = [readiness.reached(10_000, never), readiness.reached(10_000, never)];
    readiness.set(true);
    await Promise.all(waiting);
    await readiness.reached(0, never);
  });

  it('is waited for as long as was said, and no longer', async () => {
    const readiness = new Readiness();
    const began = performance.now();
    await assert.rejects(readiness.reached(100, never), { reason: 'SERVICE_UNAVAILABLE' });
    const tookMs = performance.now() - began;
    assert.ok(tookMs >= 90 && tookMs < 5000, `${tookMs} ms`);
    await assert.rejects(readiness.reached(-1, never), { reason: 'SERVICE_UNAVAILABLE' });
  });

  it('is waited for no longer than the caller does', async () => {
    const caller = new AbortController();
    const waiting = new Readiness().reached(60_000, caller.signal);
    caller.abort();
    await assert.rejects(waiting, { reason: 'CANCELLED' });
    await assert.rejects(new Readiness().reached(60_000, caller.signal), { reason: 'CANCELLED' });
  });

  it('tells how long a start takes, and more the longer the service is away', async () => {
    const readiness = new Readiness();
    assert.ok((readiness.unavailable().retryAfterMs ?? 0) <= START_MS);
    await pause(50);
    readiness.set(true);
    assert.equal(readiness.unavailable().retryAfterMs, SHORTEST_RETRY_MS, 'a start that was quick');
    readiness.set(false);
    await pause(2 * SHORTEST_RETRY_MS);
    const later = readiness.unavailable().retryAfterMs ?? 0;
    assert.ok(later > 1.5 * SHORTEST_RETRY_MS && later <= LONGEST_RETRY_MS, `${later} ms`);
  });

  it('is lost again when the service is', async () => {
    const readiness = new Readiness();
    readiness.set(true);
    readiness.set(false);
    await assert.rejects(readiness.reached(10, never), { reason: 'SERVICE_UNAVAILABLE' });
  });
});
