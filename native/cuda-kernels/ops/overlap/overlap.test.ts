import assert from 'node:assert/strict';
import { Tensor } from '../../lib/tensor.ts';
import { askNumpy } from '../../test/numpy.ts';
import { random } from '../../test/parity.ts';
import { type OverlapOptions, overlap } from './index.ts';

describe('overlap', () => {
  it('counts label by label', async () => {
    using prediction = Tensor.fromArray('uint8', [1, 2, 4], [0, 1, 1, 1, 2, 2, 0, 9]);
    using reference = Tensor.fromArray('uint8', [1, 2, 4], [1, 1, 1, 0, 0, 2, 0, 0]);
    const found = await overlap({ prediction, reference, spacing: [1, 0.5, 4] });
    assert.deepEqual(found, [
      {
        label: 1,
        predictionVoxels: 3,
        referenceVoxels: 3,
        sharedVoxels: 2,
        dice: 4 / 6,
        jaccard: 2 / 4,
        predictionMm3: 6,
        referenceMm3: 6,
      },
      {
        label: 2,
        predictionVoxels: 2,
        referenceVoxels: 1,
        sharedVoxels: 1,
        dice: 2 / 3,
        jaccard: 1 / 2,
        predictionMm3: 4,
        referenceMm3: 2,
      },
      {
        label: 9,
        predictionVoxels: 1,
        referenceVoxels: 0,
        sharedVoxels: 0,
        dice: 0,
        jaccard: 0,
        predictionMm3: 2,
        referenceMm3: 0,
      },
    ]);
  });

  it('tells of the labels that are asked for, also of those that are not there', async () => {
    using mask = Tensor.fromArray('uint8', [4], [0, 0, 3, 3]);
    const found = await overlap({ prediction: mask, reference: mask, labels: [7, 3, 0] });
    assert.deepEqual(
      found.map(({ label, dice, jaccard }) => [label, dice, jaccard]),
      [
        [7, Number.NaN, Number.NaN],
        [3, 1, 1],
        [0, 1, 1],
      ],
    );
  });

  it('gives what numpy gives', async function () {
    const chance = random(41);
    const values = () => Uint8Array.from({ length: 30 * 31 * 32 }, () => chance() * chance() * 6);
    using prediction = Tensor.fromArray('uint8', [30, 31, 32], values());
    using reference = Tensor.fromArray('uint8', [30, 31, 32], values());
    const program = `
a, b = np.frombuffer(data, np.uint8).reshape(2, -1)
figures = []
for label in range(1, 6):
    p, r = a == label, b == label
    figures.append([2 * int((p & r).sum()) / int(p.sum() + r.sum()), int((p & r).sum()) / int((p | r).sum())])
print(json.dumps(figures))`;
    const expected = askNumpy(
      this,
      program,
      Buffer.concat([prediction.bytes(), reference.bytes()]),
    );
    const found = await overlap({ prediction, reference });
    assert.deepEqual(
      found.map(({ dice, jaccard }) => [dice, jaccard]),
      expected,
    );
  });

  it('names what is wrong with its arguments', async () => {
    using prediction = Tensor.empty('uint8', [2, 2, 2]);
    using reference = Tensor.empty('uint8', [2, 2, 2]);
    const wrong: [string, Partial<OverlapOptions>][] = [
      ['prediction', { prediction: Tensor.empty('int16', [2, 2, 2]) }],
      ['prediction', { prediction: Tensor.empty('uint8', []) }],
      ['reference', { reference: Tensor.empty('uint8', [2, 4]) }],
      ['labels', { labels: [1, 256] }],
      ['labels', { labels: [0.5] }],
      ['spacing', { spacing: [1, 1] }],
    ];
    for (const [subject, change] of wrong) {
      const refused = overlap({ prediction, reference, ...change });
      await assert.rejects(refused, { reason: 'ARGUMENT_INVALID', subject });
    }
  });
});
