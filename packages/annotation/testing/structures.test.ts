import assert from 'node:assert/strict';
import { readLabels } from './images.ts';
import { HIPPOCAMPUS, hippocampusLabels, hippocampusPoints } from './measured.ts';
import { needs } from './outside-data.ts';
import { dice, extremePointsOf, largestPart, structureOf } from './structures.ts';

describe('the rule of extreme points', () => {
  it('takes the lowest index among equally near voxels', () => {
    const inside = new Uint8Array(27).fill(1);
    const points = extremePointsOf({
      shape: [3, 2, 2],
      inside: inside.subarray(0, 12),
      voxels: 12,
    });
    assert.deepEqual(points, [
      [0, 0, 0],
      [2, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
      [1, 0, 0],
      [1, 0, 1],
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
    const part = largestPart({ shape: [1, 1, 6], inside, voxels: 4 });
    assert.deepEqual([...part.inside], [0, 0, 1, 1, 0, 0]);
    assert.equal(dice(part.inside, inside), 4 / 6);
  });
});
