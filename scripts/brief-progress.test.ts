import assert from 'node:assert/strict';
import { briefProgress } from './brief-progress.mjs';

describe('brief progress', () => {
  it('is a line for every tenth of a build by ninja', () => {
    const brief = briefProgress('addon');
    const lines = Array.from({ length: 76 }, (_, i) => brief(`[${i + 1}/76] Building CXX object`));
    assert.deepEqual(
      lines.filter((line) => line !== undefined),
      [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((percent) => `addon: ${percent} %`),
    );
  });

  it('understands make, whose last line is the first at 100 %', () => {
    const brief = briefProgress('addon');
    const lines = [
      '[  4%] Building',
      '[ 35%] Building',
      '[ 38%] Building',
      '[100%] Built target x',
    ];
    assert.deepEqual(lines.map(brief), [undefined, 'addon: 30 %', undefined, 'addon: 100 %']);
  });

  it('keeps what a compiler says', () => {
    const brief = briefProgress('addon');
    for (const line of ['FAILED: [code=1] a.o', 'a.cpp:3:1: error: expected', '', '  [1] note']) {
      assert.equal(brief(line), line);
    }
  });
});
