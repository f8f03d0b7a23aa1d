import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REASONS } from '#errors';

const STATUS_NAMES = new Set(
  'CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  ),
);

const ROOT = join(import.meta.dirname, '../..');
const ROOMS = ['packages', 'services', 'cli', 'native/cuda-kernels'];

const SOURCE = /\.(ts|cpp)$/;
const NO_SOURCE = /\.test\.ts$|(^|\/)(test|testing|generated|build[^/]*|node_modules)\//;

/** A reason where an error is made of it, by the class of this package or by the addon's. */
const THROWN = /(?:SextantError|OperationError)\(\s*['"]([A-Z_]+)['"]/g;

/** Reasons that something in the sources throws. */
function thrownReasons(): Set<string> {
  const thrown = new Set<string>();
  for (const room of ROOMS) {
    for (const name of readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })) {
      if (!SOURCE.test(name) || NO_SOURCE.test(name)) continue;
      const source = readFileSync(join(ROOT, room, name), 'utf8');
      for (const [, reason = ''] of source.matchAll(THROWN)) thrown.add(reason);
    }
  }
  return thrown;
}

describe('reasons', () => {
  it('have gRPC status names as codes', () => {
    for (const [reason, code] of Object.entries(REASONS)) {
      assert.match(reason, /^[A-Z]+(_[A-Z]+)*$/);
      assert.ok(STATUS_NAMES.has(code), `${reason}: ${code}`);
    }
  });

  it('are each thrown somewhere: a client prepares for no error that cannot come', () => {
    const thrown = thrownReasons();
    const never = Object.keys(REASONS).filter((reason) => !thrown.has(reason));
    assert.deepEqual(never, []);
  });
});
