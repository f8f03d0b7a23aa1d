import assert from 'node:assert/strict';
import { type Reason, SextantError } from '#errors';
import {
  annotationBox,
  closestRas,
  type Grid,
  perAxis,
  pointsToIndex,
  pointsToViewIndex,
  type Space,
  transformPoint,
  type Vec3,
} from '#geometry';
import { randomGrid, seeded, storedOrientations } from './testing/random-grid.ts';

const GRID: Grid = {
  shape: [10, 20, 30],
  affine: [-2, 0, 0, 18, 0, 2, 0, -5, 0, 0, 2, 7, 0, 0, 0, 1],
};

const SIX: readonly Vec3[] = [
  [1, 5, 5],
  [8, 5, 5],
  [4, 2, 5],
  [4, 15, 5],
  [4, 5, 1],
  [4, 5, 25],
];

describe('points', () => {
  it('are the same in index, RAS and LPS', () => {
    const ras = SIX.map((point) => transformPoint(GRID.affine, point));
    const lps = ras.map(([x, y, z]): Vec3 => [-x, -y, z]);
    assert.deepEqual(pointsToIndex(SIX, 'index', GRID), SIX);
    assert.deepEqual(pointsToIndex(ras, 'ras', GRID), SIX);
    assert.deepEqual(pointsToIndex(lps, 'lps', GRID), SIX);
  });

  it('are rounded to 1/64 voxel', () => {
    const points = SIX.map(([i, j, k]): Vec3 => [i + 0.0041, j - 0.0041, k + 0.25]);
    const [first] = pointsToIndex(points, 'index', GRID);
    assert.deepEqual(first, [1, 5, 5.25]);
  });

  it('may lie on the outer faces', () => {
    const points = [...SIX, [-0.5, -0.5, -0.5], [9.5, 19.5, 29.5]] as const;
    assert.deepEqual(pointsToIndex(points, 'index', GRID), points);
  });

  it('may be many, in any order, twice, and on two voxels only', () => {
    pointsToIndex([...SIX, ...SIX].reverse(), 'index', GRID);
    pointsToIndex(
      Array.from({ length: 6 }, (_, n): Vec3 => [1, 1, n < 3 ? 1 : 2]),
      'index',
      GRID,
    );
  });

  const same: readonly Vec3[] = Array.from({ length: 6 }, (_, n): Vec3 => [3 + n / 64, 4, 5]);
  const refused: [string, Reason, readonly Vec3[], Space, RegExp][] = [
    ['five', 'POINTS_TOO_FEW', SIX.slice(1), 'index', /5 points.*left, right/],
    ['one', 'POINTS_TOO_FEW', SIX.slice(0, 1), 'index', /got 1 point;/],
    ['none', 'POINTS_TOO_FEW', [], 'index', /0 points/],
    ['1001', 'POINTS_TOO_MANY', Array(1001).fill([1, 2, 3]), 'index', /1001/],
    ['NaN', 'POINT_NOT_FINITE', with3([1, Number.NaN, 2]), 'index', /points\[3\].*\(1, NaN, 2\)/],
    ['infinity', 'POINT_NOT_FINITE', with3([Number.NEGATIVE_INFINITY, 0, 0]), 'ras', /-Infinity/],
    ['two numbers', 'POINT_NOT_FINITE', with3([1, 2] as unknown as Vec3), 'index', /points\[3\]/],
    [
      'outside',
      'POINT_OUTSIDE',
      with3([4, 20, 5]),
      'index',
      /points\[3\].*j -0.5..19.5.*\(4, 20, 5\)/,
    ],
    ['below', 'POINT_OUTSIDE', with3([-0.51, 2, 5]), 'index', /points\[3\].*i -0.5..9.5/],
    ['far in RAS', 'POINT_OUTSIDE', with3([1e300, 0, 0]), 'ras', /points\[0\]|points\[3\]/],
    ['six in one voxel', 'POINTS_COINCIDE', same, 'index', /6 points in one voxel/],
  ];
  for (const [name, reason, points, space, sentence] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => pointsToIndex(points, space, GRID),
        (error) => {
          assert.ok(error instanceof SextantError, String(error));
          assert.equal(error.reason, reason);
          assert.match(error.message, sentence);
          return true;
        },
      );
    });
  }

  it('outside are told as index of the stored volume, with the RAS that was sent', () => {
    const points = SIX.map((point) => transformPoint(GRID.affine, point)).with(2, [100, 5, 7]);
    assert.throws(
      () => pointsToIndex(points, 'ras', GRID),
      /points\[2\].*ras \(100, 5, 7\), index \(-41, 5, 0\).*space is 'ras'/,
    );
  });

  it('and boxes are the same in all 48 stored orientations, as RAS text of three decimals', () => {
    const random = seeded(64);
    for (let round = 0; round < 150; round++) {
      const original = randomGrid(random);
      const points = Array.from({ length: 6 }, () =>
        perAxis((axis) => Math.round(random() * (original.shape[axis] - 1) * 64) / 64),
      );
      assertSameClick(original, points, `seed 64, round ${round}`);
    }
  });
});

function with3(point: Vec3): readonly Vec3[] {
  return [...SIX.slice(0, 3), point, ...SIX.slice(3)];
}

/** The same click on every stored orientation gives the view the same points and the same box. */
function assertSameClick(original: Grid, points: readonly Vec3[], context: string): void {
  const view = closestRas(original);
  const expected = pointsToViewIndex(points, 'index', view);
  const expectedBox = annotationBox(expected, view.grid, { mm: 10 });
  const text = points.map((point) =>
    perAxis((axis) => Number(transformPoint(original.affine, point)[axis].toFixed(3))),
  );
  for (const { grid, fromOriginal } of storedOrientations(original)) {
    const stored = closestRas(grid);
    const byIndex = pointsToViewIndex(points.map(fromOriginal), 'index', stored);
    const byText = pointsToViewIndex(text, 'ras', stored);
    assert.deepEqual(byIndex, expected, `${context}: index, ${JSON.stringify(grid)}`);
    assert.deepEqual(byText, expected, `${context}: RAS text, ${JSON.stringify(grid)}`);
    assert.deepEqual(annotationBox(byText, stored.grid, { mm: 10 }), expectedBox, context);
  }
}
