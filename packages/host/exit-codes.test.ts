import assert from 'node:assert/strict';
import { REASONS, type Reason, SextantError } from '#errors';
import { EXIT_CODES, exitCodeOf } from './exit-codes.ts';

describe('exit codes', () => {
  it('are never success for an error', () => {
    for (const reason of Object.keys(REASONS) as Reason[]) {
      const error = new SextantError(reason, { subject: 's', got: 'g', expected: 'e' });
      assert.notEqual(exitCodeOf(error), EXIT_CODES.ok, reason);
    }
    assert.equal(exitCodeOf(new Error('a bug')), EXIT_CODES.failed);
  });

  it('tell a wrong command line from a wrong pool file', () => {
    const of = (reason: Reason) =>
      exitCodeOf(new SextantError(reason, { subject: 's', got: 'g', expected: 'e' }));
    assert.equal(of('CONFIG_INVALID'), EXIT_CODES.usage);
    assert.equal(of('MODEL_INVALID'), EXIT_CODES.input);
  });
});
