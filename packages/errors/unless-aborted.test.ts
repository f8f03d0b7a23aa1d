import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { unlessAborted } from '#errors';

describe('unlessAborted', () => {
  const never = new Promise<never>(() => {});

  it('is the promise, with or without a signal, and lets the signal go', async () => {
    const { signal } = new AbortController();
    assert.equal(await unlessAborted(Promise.resolve(1), undefined), 1);
    assert.equal(await unlessAborted(Promise.resolve(2), signal), 2);
    await assert.rejects(unlessAborted(Promise.reject(new Error('own')), signal), /own/);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('ends with a signal that fires, or has fired', async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(never, controller.signal);
    controller.abort();
    await assert.rejects(waiting, { reason: 'CANCELLED' });
    await assert.rejects(unlessAborted(never, controller.signal), { reason: 'CANCELLED' });
  });
});
