import assert from 'node:assert/strict';
import { GRID_AXIS_LIMIT } from './limits.ts';
import { gridShape, type NetworkGrid } from './network-grid.ts';

describe("the shape of a network's grid", () => {
  const spaced: NetworkGrid = { kind: 'spacing', spacingMm: [1, 2, 0.5] };

  it('is the one that the model has', () => {
    assert.deepEqual(gridShape({ kind: 'roi', shape: [5, 6, 7] }, [1, 1, 1]), [5, 6, 7]);
  });

  it('is the nearest multiple of 16 of what the spacing makes, and at least that', () => {
    assert.deepEqual(gridShape(spaced, [70, 70, 1]), [64, 32, 16]);
  });

  it('has as many voxels along an axis as may be, and is refused beyond', () => {
    const longest = gridShape(spaced, [GRID_AXIS_LIMIT, 10, 10]);
    assert.equal(longest[0], GRID_AXIS_LIMIT);
    assert.throws(() => gridShape(spaced, [GRID_AXIS_LIMIT + 16, 10, 10]), {
      reason: 'LIMIT_EXCEEDED',
      subject: 'points',
    });
  });
});
