import assert from 'node:assert/strict';
import { REASONS } from '#errors';

const STATUS_NAMES = new Set(
  'CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  ),
);

describe('reasons', () => {
  it('have gRPC status names as codes', () => {
    for (const [reason, code] of Object.entries(REASONS)) {
      assert.match(reason, /^[A-Z]+(_[A-Z]+)*$/);
      assert.ok(STATUS_NAMES.has(code), `${reason}: ${code}`);
    }
  });
});
