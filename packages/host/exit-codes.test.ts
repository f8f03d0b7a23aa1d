import assert from 'node:assert/strict';
import { REASONS, type Reason, SextantError } from '#errors';
import { EXIT_CODES, EXITS, exitCodeOf } from './exit-codes.ts';

function statusOf(reason: Reason, retryAfterMs?: number): number {
  const retry = retryAfterMs === undefined ? {} : { retryAfterMs };
  return exitCodeOf(new SextantError(reason, { subject: 's', got: 'g', expected: 'e', ...retry }));
}

describe('exit codes', () => {
  it('are never success for an error', () => {
    for (const reason of Object.keys(REASONS) as Reason[]) {
      assert.notEqual(statusOf(reason), EXIT_CODES.ok, reason);
    }
    assert.equal(exitCodeOf(new Error('a bug')), EXIT_CODES.failed);
  });

  it('are the statuses of the table, no two the same', () => {
    const statuses = Object.values(EXITS).map(({ status }) => status);
    assert.deepEqual(Object.values(EXIT_CODES), statuses);
    assert.equal(new Set(statuses).size, statuses.length);
  });

  const meanings: Partial<Record<keyof typeof EXITS, readonly Reason[]>> = {
    failed: ['INTERNAL', 'ENGINE_FAILED', 'TENSOR_DISPOSED', 'NETWORK_DISPOSED'],
    usage: ['CONFIG_INVALID', 'MODEL_INVALID'],
    input: ['POINTS_TOO_FEW', 'VOLUME_CONSTANT', 'VOLUME_TOO_LARGE', 'LIMIT_EXCEEDED'],
    notFound: ['MODEL_UNKNOWN', 'FILE_UNREADABLE', 'SESSION_EXPIRED'],
    unavailable: [
      'PORT_TAKEN',
      'STORE_BUSY',
      'STORE_FULL',
      'STORE_CORRUPT',
      'FILE_UNWRITABLE',
      'SERVICE_UNAVAILABLE',
      'ENGINE_UNAVAILABLE',
      'ADDON_MISSING',
    ],
    interrupted: ['CANCELLED'],
  };
  for (const [name, reasons] of Object.entries(meanings)) {
    const { status, meaning } = EXITS[name as keyof typeof EXITS];
    it(`${status}, "${meaning}", is that of ${reasons.join(', ')}`, () => {
      for (const reason of reasons) assert.equal(statusOf(reason), status, reason);
    });
  }

  it('tell a full queue from an input that is too large', () => {
    assert.equal(statusOf('LIMIT_EXCEEDED', 1000), EXIT_CODES.unavailable);
  });
});
