import assert from 'node:assert/strict';
import { type Reason, SextantError } from '#errors';
import { patience } from './patience.ts';

const error = (reason: Reason, retryAfterMs?: number) =>
  new SextantError(reason, {
    ...{ subject: 'server', got: 'nothing', expected: 'an answer' },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
const GONE = error('SERVICE_UNAVAILABLE');

describe('patience with a server', () => {
  const { signal } = new AbortController();
  let lines: string[];
  const say = (line: string) => void lines.push(line);
  beforeEach(() => {
    lines = [];
  });

  it('waits as long as the server asks, and says so', async () => {
    const before = performance.now();
    await patience({ signal, say }).wait(error('LIMIT_EXCEEDED', 100));
    assert.ok(performance.now() - before >= 99);
    assert.deepEqual(lines, ['LIMIT_EXCEEDED: got nothing; trying again in 0.1 s']);
  });

  it('waits longer with every failure', async () => {
    const waiting = patience({ signal, say });
    const pauses: number[] = [];
    for (let tries = 0; tries < 3; tries++) {
      const before = performance.now();
      await waiting.wait(GONE);
      pauses.push(performance.now() - before);
    }
    const [first = 0, , third = 0] = pauses;
    assert.ok(first >= 187 && third >= 749, `${pauses}`);
    assert.match(lines[0] ?? '', /^the server does not answer; trying again in 0\.[23] s$/);
  });

  it('ends with the error itself, and begins anew when something has come through', async () => {
    const waiting = patience({ signal, say, totalMs: 500 });
    await waiting.wait(GONE);
    await assert.rejects(waiting.wait(error('SERVICE_UNAVAILABLE', 400)), { retryAfterMs: 400 });
    waiting.renew();
    await waiting.wait(error('SERVICE_UNAVAILABLE', 400));
  });

  for (const reason of [
    'CANCELLED',
    'UPLOAD_UNKNOWN',
    'UPLOAD_OFFSET_MISMATCH',
    'STREAM_STALLED',
  ] as const) {
    it(`takes ${reason} for what passes when a server is there again, or the line`, () =>
      patience({ signal, say }).wait(error(reason)));
  }

  for (const reason of ['STORE_FULL', 'VOLUME_DIGEST_MISMATCH', 'INTERNAL'] as const) {
    it(`gives up at once on ${reason}`, async () => {
      const given = error(reason);
      await assert.rejects(patience({ signal, say }).wait(given), given);
      assert.deepEqual(lines, []);
    });
  }

  it('gives up at once on what is no refusal but a bug', async () => {
    await assert.rejects(patience({ signal, say }).wait(new TypeError('a bug')), TypeError);
  });

  it('ends when the user interrupts, before and while it waits', async () => {
    const user = new AbortController();
    const waiting = patience({ signal: user.signal, say });
    setTimeout(() => user.abort(), 50);
    const before = performance.now();
    const cancelled = { reason: 'CANCELLED', subject: 'request' };
    await assert.rejects(waiting.wait(error('SERVICE_UNAVAILABLE', 30_000)), cancelled);
    assert.ok(performance.now() - before < 5000);
    // A file's stream that is ended in the middle has an error of its own.
    await assert.rejects(waiting.wait(new Error('aborted')), cancelled);
  });
});
