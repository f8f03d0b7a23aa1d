import assert from 'node:assert/strict';
import { Stage } from '#proto/sextant/v1/annotation';
import { stageMs, stageName } from './stage-times.ts';

describe('stage times', () => {
  it('are named as the contract names stages', () => {
    assert.equal(stageName(Stage.STAGE_INFER), 'infer');
    assert.equal(stageName(99 as Stage), 'unknown');
  });

  it('are told by name, to a tenth of a millisecond', () => {
    const times = [
      { stage: Stage.STAGE_DECODE, milliseconds: 1.234 },
      { stage: Stage.STAGE_INFER, milliseconds: 200 },
    ];
    assert.deepEqual(stageMs(times), { decode: 1.2, infer: 200 });
  });
});
