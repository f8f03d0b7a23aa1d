import assert from 'node:assert/strict';
import { stepText } from './step-text.ts';

describe('the words for a stage', () => {
  it('tell in the queue how many are before and how long that takes', () => {
    const queue = { stage: 'queue', callsAhead: 3, expectedWaitMs: 1800 };
    assert.equal(stepText(queue), 'waiting for the model: 3 before this one, about 2 s');
    assert.equal(
      stepText({ ...queue, expectedWaitMs: 0 }),
      'waiting for the model: 3 before this one',
    );
    assert.equal(stepText({ ...queue, callsAhead: 0 }), 'waiting for the model');
  });

  it('are the same for a stage that is not waited for', () => {
    assert.equal(stepText({ stage: 'infer', callsAhead: 0 }), 'running the network');
    assert.equal(stepText({ stage: 'of a later version' }), 'of a later version');
  });
});
