import assert from 'node:assert/strict';
import { closestRas, orientationCode, transformPoint, type Vec3 } from '#geometry';
import { randomGrid, seeded, storedOrientations } from './testing/random-grid.ts';

const AXIAL = {
  shape: [4, 5, 6] as Vec3,
  affine: [2, 0, 0, 1, 0, 2, 0, 2, 0, 0, 3, 3, 0, 0, 0, 1],
};

describe('closest-RAS view', () => {
  it('leaves an RAS grid as it is', () => {
    const view = closestRas(AXIAL);
    assert.deepEqual(view.grid, AXIAL);
    assert.deepEqual(view.order, [0, 1, 2]);
    assert.deepEqual(view.flip, [false, false, false]);
  });

  it('turns an LPS grid round', () => {
    const affine = [-2, 0, 0, 7, 0, -2, 0, 10, 0, 0, 3, 3, 0, 0, 0, 1];
    const view = closestRas({ shape: [4, 5, 6], affine });
    assert.deepEqual(view.flip, [true, true, false]);
    assert.deepEqual(view.grid, AXIAL);
    assert.deepEqual(view.toViewIndex([0, 0, 0]), [3, 4, 0]);
    assert.deepEqual(view.toStoredIndex([3, 4, 0]), [0, 0, 0]);
  });

  it('names the stored axis behind each view axis', () => {
    // i -> S, j -> R, k -> P
    const affine = [0, 2, 0, 0, 0, 0, -2, 0, 3, 0, 0, 0, 0, 0, 0, 1];
    const view = closestRas({ shape: [4, 5, 6], affine });
    assert.deepEqual(view.order, [1, 2, 0]);
    assert.deepEqual(view.flip, [false, true, false]);
    assert.deepEqual(view.grid.shape, [5, 6, 4]);
    assert.deepEqual(view.toViewIndex([1, 2, 3]), [2, 2, 1]);
  });

  it('sees all 48 stored orientations of a grid in one frame', () => {
    const random = seeded(48);
    for (let round = 0; round < 200; round++) {
      const original = randomGrid(random);
      assertSameView(original, `round ${round}`);
    }
  });

  it('does so for 45-degree ties', () => {
    const c = Math.fround(Math.SQRT1_2);
    const turns = [
      [1, 0, 0, 0, 0, c, -c, 0, 0, c, c, 0, 0, 0, 0, 1],
      [c, 0, c, 0, 0, 1, 0, 0, -c, 0, c, 0, 0, 0, 0, 1],
      [c, -c, 0, 0, c, c, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
      [1 / 3, -2 / 3, -2 / 3, 0, -2 / 3, 1 / 3, -2 / 3, 0, -2 / 3, -2 / 3, 1 / 3, 0, 0, 0, 0, 1],
      [0.5, -c, 0.5, 0, 0.5, c, 0.5, 0, -c, 0, c, 0, 0, 0, 0, 1],
    ];
    for (const [i, j, k] of [
      [0.7, 1.3, 5],
      [0.9375, 0.3, 3.3],
    ] as const) {
      // Spacings that are no powers of two leave the tied entries apart by their last bit.
      turns.push(
        [c * i, -c * j, 0, 0, c * i, c * j, 0, 0, 0, 0, k, 0, 0, 0, 0, 1].map(Math.fround),
      );
      turns.push(
        [i, 0, 0, 0, 0, c * j, -c * k, 0, 0, c * j, c * k, 0, 0, 0, 0, 1].map(Math.fround),
      );
    }
    // Rows (2 2 -1; -1 2 2; 2 -1 2) / 3: six entries compete, and the spacing spoils their last bits.
    turns.push([1.4, 2.6, -5, 0, -0.7, 2.6, 10, 0, 1.4, -1.3, 10, 0, 0, 0, 0, 1]);
    for (const affine of turns) assertSameView({ shape: [7, 8, 9], affine }, `${affine}`);
  });
});

function assertSameView(
  original: { shape: Vec3; affine: readonly number[] },
  context: string,
): void {
  const view = closestRas(original);
  assert.equal(orientationCode(view.grid.affine), 'RAS', context);
  const corner: Vec3 = [0, original.shape[1] - 1, 1];
  for (const { grid, fromOriginal } of storedOrientations(original)) {
    const other = closestRas(grid);
    assert.deepEqual(other.grid.shape, view.grid.shape, context);
    other.grid.affine.forEach((value, index) => {
      const difference = Math.abs(value - (view.grid.affine[index] ?? Number.NaN));
      assert.ok(difference < 1e-3, `${context}: ${other.grid.affine} is not ${view.grid.affine}`);
    });
    const stored = fromOriginal(corner);
    assert.deepEqual(other.toViewIndex(stored), view.toViewIndex(corner), context);
    assert.deepEqual(other.toStoredIndex(other.toViewIndex(stored)), stored, context);
    const [at, seen] = [
      transformPoint(grid.affine, stored),
      transformPoint(other.grid.affine, other.toViewIndex(stored)),
    ];
    assert.ok(Math.hypot(at[0] - seen[0], at[1] - seen[1], at[2] - seen[2]) < 1e-9, context);
  }
}
