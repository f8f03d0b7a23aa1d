import assert from 'node:assert/strict';
import { RestartPause } from './restart-pause.ts';

describe('the pause before a service is started again', () => {
  it('grows while it dies at each start, up to half a minute', () => {
    const pause = new RestartPause();
    const pauses = Array.from({ length: 11 }, () => pause.next(0));
    assert.deepEqual(pauses, [0, 250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  });

  it('is none after a service that was sound, whatever was before', () => {
    const pause = new RestartPause();
    for (let i = 0; i < 5; i++) pause.next(0);
    assert.ok(pause.next(9_000) > 0, 'one that soon dies is not sound');
    assert.equal(pause.next(10_000), 0);
    assert.equal(pause.next(0), 250);
  });
});
