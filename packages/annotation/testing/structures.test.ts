import assert from 'node:assert/strict';
import { needs } from '../../../test/outside-data.ts';
import { readLabels } from './images.ts';
import { HIPPOCAMPUS, hippocampusLabels, hippocampusPoints } from './measured.ts';
import { dice, extremePointsOf, largestPart, structureOf } from './structures.ts';

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
/** Stored from right to left: i runs to the left. */
const LEFT = [-1, 0, 0, 2, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

describe('the rule of extreme points', () => {
  const box = (affine: readonly number[]) =>
    extremePointsOf({
      grid: { shape: [4, 2, 2], affine },
      inside: new Uint8Array(16).fill(1),
      voxels: 16,
    });

  it('takes the lowest index among equally near voxels', () => {
    assert.deepEqual(box(IDENTITY), [
      [0, 0, 0],
      [3, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
      [1, 0, 0],
      [1, 0, 1],
    ]);
  });

  it('counts in closest-RAS order', () => {
    assert.deepEqual(box(LEFT), [
      [3, 0, 0],
      [0, 0, 0],
      [2, 0, 0],
      [2, 1, 0],
      [2, 0, 0],
      [2, 0, 1],
    ]);
  });

  it('gives the points of points.json', async function () {
    needs(this, HIPPOCAMPUS, 'the hippocampus images of the specification');
    for (const [name, points] of [...hippocampusPoints()].slice(0, 20)) {
      const structure = structureOf(
        await readLabels(hippocampusLabels(name)),
        (label) => label > 0,
      );
      assert.deepEqual(extremePointsOf(structure), points, name);
    }
  });

  it('keeps the largest part alone', () => {
    const inside = Uint8Array.from([1, 0, 1, 1, 0, 1]);
    const part = largestPart({ grid: { shape: [1, 1, 6], affine: IDENTITY }, inside, voxels: 4 });
    assert.deepEqual([...part.inside], [0, 0, 1, 1, 0, 0]);
    assert.equal(dice(part.inside, inside), 4 / 6);
  });
});
