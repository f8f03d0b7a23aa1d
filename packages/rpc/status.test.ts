import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { REASONS, type Reason, SextantError } from '#errors';
import { BadRequest, RequestInfo, RetryInfo } from '#proto/google/rpc/error_details';
import { Status } from '#proto/google/rpc/status';
import { fromWireStatus, toWireStatus } from './status.ts';

const details = { subject: 'points[2]', got: '(1, 2, 900)', expected: 'a point inside the image' };

function partOf(bytes: Uint8Array, name: string): Uint8Array | undefined {
  return Status.decode(bytes).details.find(({ typeUrl }) => typeUrl.endsWith(`.${name}`))?.value;
}

describe('error <-> status', () => {
  for (const reason of Object.keys(REASONS) as Reason[]) {
    it(`carries ${reason} there and back`, () => {
      const error = new SextantError(reason, { ...details, remedy: 'look', retryAfterMs: 1500 });
      const wire = toWireStatus(error, 'r1');
      assert.equal(status[wire.code], REASONS[reason]);
      const back = fromWireStatus(wire.code, wire.message, wire.details);
      for (const key of ['reason', 'code', 'subject', 'got', 'expected', 'remedy'] as const) {
        assert.equal(back[key], error[key]);
      }
      assert.equal(back.message, error.message);
      assert.equal(back.retryAfterMs, 1500);
    });
  }

  it('names the field of a wrong argument', () => {
    const wire = toWireStatus(new SextantError('POINT_OUTSIDE', details), 'r1');
    const part = partOf(wire.details, 'BadRequest');
    assert.ok(part, 'the part is there');
    const [violation] = BadRequest.decode(part).fieldViolations;
    assert.equal(violation?.field, 'points[2]');
    assert.equal(violation?.reason, 'POINT_OUTSIDE');
  });

  it('gives the request id with every error, a delay only where trying again can help', () => {
    const wire = toWireStatus(new SextantError('MODEL_UNKNOWN', details), 'r1');
    const part = partOf(wire.details, 'RequestInfo');
    assert.ok(part, 'the part is there');
    assert.equal(RequestInfo.decode(part).requestId, 'r1');
    assert.equal(partOf(wire.details, 'BadRequest'), undefined);
    assert.equal(partOf(wire.details, 'RetryInfo'), undefined);
    const busy = new SextantError('STORE_BUSY', { ...details, retryAfterMs: 250 });
    const retry = partOf(toWireStatus(busy, 'r1').details, 'RetryInfo');
    assert.ok(retry, 'the delay is there');
    assert.deepEqual(RetryInfo.decode(retry).retryDelay, { seconds: 0, nanos: 250_000_000 });
  });

  it('keeps a very long value out of the trailer', () => {
    const long = '\u6f22'.repeat(1e5);
    const everywhere = { subject: long, got: long, expected: long, remedy: long };
    const { message, details } = toWireStatus(
      new SextantError('POINTS_UNREADABLE', everywhere),
      'r'.repeat(64),
    );
    const trailers = Buffer.from(details).toString('base64').length;
    const bytes = trailers + encodeURIComponent(message).length;
    assert.ok(bytes < 8000, `${bytes} bytes`);
    assert.ok(!message.includes('\ufffd'), 'no half character');
  });

  it('finds a reason for a status that Sextant did not make', () => {
    const reasonOf = (code: status) => fromWireStatus(code, 'words', undefined).reason;
    assert.equal(reasonOf(status.UNAVAILABLE), 'SERVICE_UNAVAILABLE');
    assert.equal(reasonOf(status.RESOURCE_EXHAUSTED), 'LIMIT_EXCEEDED');
    assert.equal(reasonOf(status.DEADLINE_EXCEEDED), 'DEADLINE_EXCEEDED');
    assert.equal(reasonOf(status.UNKNOWN), 'INTERNAL');
  });
});
