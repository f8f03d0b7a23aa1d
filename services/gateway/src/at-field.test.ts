import assert from 'node:assert/strict';
import { SextantError } from '#errors';
import { toField } from './at-field.ts';

const about = (reason: SextantError['reason'], subject: string) =>
  new SextantError(reason, { subject, got: 'g', expected: 'e', remedy: 'r' });

describe('errors told by the field of a request', () => {
  it('keep a field that the request has', () => {
    const error = about('POINT_OUTSIDE', 'points[2]');
    assert.equal(toField(error, ['points'], 'session_id'), error);
  });

  it('name the field that brought what is wrong', () => {
    const error = toField(about('VOLUME_CORRUPT', 'NIfTI header: dim[1]'), ['frame'], 'receipt');
    assert.ok(error instanceof SextantError, String(error));
    assert.equal(error.subject, 'receipt');
    assert.equal(error.got, 'NIfTI header: dim[1]: g');
    assert.equal(error.remedy, 'r');
  });

  it('leave what is not about the request', () => {
    for (const error of [about('STORE_FULL', 'store'), new Error('a bug')]) {
      assert.equal(toField(error, [], 'receipt'), error);
    }
  });
});
