import assert from 'node:assert/strict';
import { retentionOf } from './retention.ts';

describe('retention settings', () => {
  it('are hours, each of what its name says', () => {
    assert.deepEqual(retentionOf({ sessionHours: 1, volumeHours: 24, uploadHours: 3 }), {
      sessionMs: 3_600_000,
      volumeMs: 86_400_000,
      uploadMs: 10_800_000,
    });
  });
});
