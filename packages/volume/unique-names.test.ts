import assert from 'node:assert/strict';
import { UniqueNames } from './unique-names.ts';

describe('unique names', () => {
  it('are given once, whatever the case of letters', () => {
    const names = new UniqueNames();
    const given = ['ct', 'CT', 'ct_3', 'Ct', 'ct', 'CT_2'].map((wish) => names.take(wish));
    assert.deepEqual(given, ['ct', 'CT_2', 'ct_3', 'Ct_4', 'ct_5', 'CT_2_2']);
  });

  it('cost no more for the hundred thousandth', () => {
    const names = new UniqueNames();
    const began = performance.now();
    for (let n = 0; n < 100_000; n++) names.take('ct');
    assert.equal(names.take('ct'), 'ct_100001');
    // One by one from the first it takes minutes.
    assert.ok(performance.now() - began < 5000);
  });
});
