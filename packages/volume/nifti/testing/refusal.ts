import assert from 'node:assert/strict';
import { type Reason, SextantError } from '#errors';

/** Asserts that an operation ends in a SextantError of one reason, whose sentence matches. */
export async function assertRefused(
  operation: Promise<unknown>,
  reason: Reason,
  sentence: RegExp = /./,
): Promise<void> {
  await assert.rejects(operation, (error) => {
    assert.ok(error instanceof SextantError, `not a SextantError: ${(error as Error).stack}`);
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, sentence);
    return true;
  });
}
