import assert from 'node:assert/strict';
import { SextantError } from '#errors';
import { annotationBox, boxShape, type Grid, isBoxWithin, perAxis, type Vec3 } from '#geometry';
import { randomGrid, seeded } from './testing/random-grid.ts';

const GRID: Grid = {
  shape: [100, 100, 100],
  affine: [1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1],
};

const POINTS: readonly Vec3[] = [
  [30, 40, 50],
  [40, 42, 50],
];

describe('the box', () => {
  it('is padded in millimetres along each axis', () => {
    const box = annotationBox(POINTS, GRID, { mm: 20 });
    assert.deepEqual(box, { low: [10, 30, 46], high: [61, 53, 55] });
    assert.deepEqual(boxShape(box), [51, 23, 9]);
  });

  it('is padded by a fraction of the extent, two voxels at least', () => {
    const box = annotationBox(POINTS, GRID, { fraction: 0.5 });
    assert.deepEqual(box, { low: [24, 38, 48], high: [47, 45, 53] });
  });

  it('rounds outwards from fractional points', () => {
    const box = annotationBox(
      [
        [10.25, 10, 10],
        [20.75, 10, 10],
      ],
      GRID,
      { mm: 0 },
    );
    assert.deepEqual(box, { low: [10, 10, 10], high: [22, 11, 11] });
  });

  it('ends at the grid, also for points on its outer faces', () => {
    const box = annotationBox(
      [
        [-0.5, 99.5, 50],
        [0, 99, 50],
      ],
      GRID,
      { mm: 0 },
    );
    assert.deepEqual(box, { low: [0, 99, 50], high: [1, 100, 51] });
    assert.ok(isBoxWithin(box, GRID.shape));
  });

  it('forgives the spacing of a float32 affine', () => {
    for (const spacing of [0.99999994, 1, 1.0000001]) {
      const affine = GRID.affine.map((value, index) => (index < 12 && value ? spacing : value));
      const box = annotationBox(POINTS, { ...GRID, affine }, { mm: 20 });
      assert.deepEqual(box, { low: [10, 20, 30], high: [61, 63, 71] }, `${spacing}`);
    }
  });

  it('is the same for 5000 random rotations stored as float32', () => {
    const random = seeded(99999994);
    let inexact = 0;
    for (let round = 0; round < 5000; round++) {
      const spacing = perAxis(() => [1, 2, 0.5, 1.25][Math.floor(random() * 4)] ?? 1);
      const { affine } = randomGrid(random, spacing);
      const shape: Vec3 = [400, 400, 400];
      const points = [0, 1].map(() => perAxis(() => 100 + Math.floor(200 * random())));
      const box = annotationBox(points, { shape, affine }, { mm: 20 });
      const exact = exactBox(points, spacing, 20);
      assert.deepEqual(box, exact, `round ${round}: ${JSON.stringify({ affine, points })}`);
      if (Math.hypot(affine[0] ?? 0, affine[4] ?? 0, affine[8] ?? 0) < spacing[0]) inexact++;
    }
    assert.ok(inexact > 1000, `only ${inexact} spacings were below their value: the test is blind`);
  });

  for (const padding of [{ mm: -1 }, { mm: Number.NaN }, { fraction: Number.POSITIVE_INFINITY }]) {
    it(`refuses a padding of ${JSON.stringify(padding)}`, () => {
      assert.throws(
        () => annotationBox(POINTS, GRID, padding),
        (error) => error instanceof SextantError && error.reason === 'ARGUMENT_INVALID',
      );
    });
  }
});

/** The box of whole index points where the spacing is what it was meant to be: no tolerance needed. */
function exactBox(points: readonly Vec3[], spacing: Vec3, mm: number): { low: Vec3; high: Vec3 } {
  const min = perAxis((axis) => Math.min(...points.map((point) => point[axis])));
  const max = perAxis((axis) => Math.max(...points.map((point) => point[axis])));
  return {
    low: perAxis((axis) => Math.max(0, min[axis] - Math.ceil(mm / spacing[axis]))),
    high: perAxis((axis) => Math.min(400, max[axis] + 1 + Math.ceil(mm / spacing[axis]))),
  };
}
