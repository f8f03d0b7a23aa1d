import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { SextantError } from '#errors';
import { loggedError } from './logged-error.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('an error in the log', () => {
  it('of the system tells its code and call, not the path', () => {
    const logged = loggedError(thrownBy(() => readFileSync('/nowhere/DOE^JOHN.nii')));
    assert.equal(logged.code, 'ENOENT open');
    assert.doesNotMatch(JSON.stringify(logged), /DOE|nowhere/);
    assert.ok(logged.stack.some((place) => /^\S+ \(logged-error\.test\.ts:\d+:\d+\)$/.test(place)));
  });

  it('of Sextant tells its reason, and its causes likewise', () => {
    const cause = new SextantError('VOLUME_CORRUPT', {
      subject: 'NIfTI header',
      got: 'DOE^JOHN',
      expected: 'e',
    });
    const logged = loggedError(new Error('reading "DOE^JOHN" in /data/DOE^JOHN failed', { cause }));
    assert.equal(logged.message, 'reading "…" in … failed');
    assert.equal(logged.cause?.code, 'VOLUME_CORRUPT');
    assert.doesNotMatch(JSON.stringify(logged), /DOE/);
  });

  it('that is a mistake keeps its words, and one that is none its type', () => {
    const logged = loggedError(new TypeError('x is not a function'));
    assert.equal(logged.message, 'x is not a function');
    assert.deepEqual(loggedError('DOE^JOHN'), { type: 'string', stack: [] });
  });
});
