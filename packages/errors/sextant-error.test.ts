import assert from 'node:assert/strict';
import { abortError, SextantError } from '#errors';

describe('SextantError', () => {
  it('says thing, expectation, value and way out in one sentence', () => {
    const error = new SextantError('POINTS_TOO_FEW', {
      subject: 'points',
      got: '5 points',
      expected: '6 or more',
      remedy: 'click six',
    });
    assert.equal(error.message, 'points: expected 6 or more, got 5 points; click six');
    assert.equal(error.code, 'INVALID_ARGUMENT');
    assert.ok(!('cause' in error));
  });

  it('keeps its cause and ends without a remedy', () => {
    const cause = new Error('disk');
    const error = new SextantError('STORE_FULL', {
      subject: 'store',
      got: '0',
      expected: '1',
      cause,
    });
    assert.equal(error.message, 'store: expected 1, got 0');
    assert.equal(error.cause, cause);
    assert.equal(error.remedy, undefined);
  });
});

describe('abortError', () => {
  it('is CANCELLED for a signal that fired without a reason of ours', () => {
    assert.equal(abortError(AbortSignal.abort()).reason, 'CANCELLED');
  });

  it('is the reason that the signal was given', () => {
    const reason = new SextantError('DEADLINE_EXCEEDED', {
      subject: 'call',
      got: '1',
      expected: '2',
    });
    assert.equal(abortError(AbortSignal.abort(reason)), reason);
  });
});
