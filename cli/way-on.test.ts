import assert from 'node:assert/strict';
import { type Reason, SextantError } from '#errors';
import { withWayOn } from './way-on.ts';

const error = (reason: Reason, retryAfterMs?: number) =>
  new SextantError(reason, {
    ...{ subject: 'inference service', got: 'no answer', expected: 'one', remedy: 'wait' },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
const told = (given: unknown, signal: AbortSignal, interrupted?: string) =>
  withWayOn(given, {
    ...{ signal, lost: 'come again' },
    ...(interrupted === undefined ? {} : { interrupted }),
  }) as SextantError;

describe('the way on', () => {
  const { signal } = new AbortController();
  const fired = AbortSignal.abort();

  it('is told when the server is gone, with the time that it asks for', () => {
    const { reason, remedy, retryAfterMs } = told(error('SERVICE_UNAVAILABLE', 1500), signal);
    assert.deepEqual(
      [reason, remedy, retryAfterMs],
      ['SERVICE_UNAVAILABLE', 'come again in 2 s', 1500],
    );
  });

  it('is not that of an interruption when it was the server that cut the call', () => {
    const { reason, subject, remedy } = told(error('CANCELLED'), signal, 'go on');
    assert.deepEqual([reason, subject, remedy], ['SERVICE_UNAVAILABLE', 'server', 'come again']);
  });

  it('is told after Ctrl-C where it is not plain', () => {
    assert.equal(told(error('CANCELLED'), fired, 'go on').remedy, 'go on');
    assert.equal(told(error('CANCELLED'), fired).remedy, 'wait');
  });

  it('leaves other errors alone', () => {
    for (const other of [error('STORE_FULL'), error('SESSION_UNKNOWN'), new TypeError('a bug')]) {
      assert.equal(told(other, signal), other);
    }
  });
});
