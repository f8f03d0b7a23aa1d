import assert from 'node:assert/strict';
import { join } from 'node:path';
import { needs, SHARED } from '../../../test/outside-data.ts';
import { fuzzCorpus } from './corpus.ts';
import { fuzz } from './fuzz.ts';

const DATA = join(SHARED, 'data/dicom');

describe('DICOM from mutated files', function () {
  this.timeout(600_000);

  before(function () {
    needs(this, DATA, 'real files, which the mutants are made of');
  });

  it('is read or refused by name, in bounded time and memory, 2000 times', async () => {
    const { done, outcomes, broken } = await fuzz({ ...fuzzCorpus(DATA), seed: 17, count: 2000 });
    assert.deepEqual(broken, []);
    assert.equal(done, 2000);
    for (const outcome of ['READ', 'SET_APART', 'VOLUME_CORRUPT', 'VOLUME_TRUNCATED']) {
      assert.ok((outcomes.get(outcome) ?? 0) > 20, `${outcome}: ${outcomes.get(outcome)} times`);
    }
  });
});
