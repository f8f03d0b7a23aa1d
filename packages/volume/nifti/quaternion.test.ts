import assert from 'node:assert/strict';
import fc from 'fast-check';
import { perAxis, type Vec3 } from '#geometry';
import { quaternionOfRotation, rotationOfQuaternion } from './quaternion.ts';

const part = fc.double({ min: -1, max: 1, noNaN: true });

describe('quaternions', () => {
  it('give the standard its columns: a quarter turn about z takes i to y and j to -x', () => {
    const columns = rotationOfQuaternion([0, 0, Math.SQRT1_2], 'float64');
    const rounded = columns.map((column) => perAxis((row) => Math.round(column[row]) + 0));
    assert.deepEqual(rounded, [
      [0, 1, 0],
      [-1, 0, 0],
      [0, 0, 1],
    ]);
  });

  it('come back from the rotation that they give', () => {
    fc.assert(
      fc.property(fc.tuple(part, part, part, part), ([a, b, c, d]) => {
        const length = Math.hypot(a, b, c, d);
        fc.pre(length > 0.1);
        // a >= 0 by convention; b, c, d of a half turn have two signs.
        const sign = a < 0 ? -1 : 1;
        const quaternion: Vec3 = perAxis((axis) => (sign * ([b, c, d][axis] ?? 0)) / length);
        const columns = rotationOfQuaternion(quaternion, 'float64');
        const again = rotationOfQuaternion(quaternionOfRotation(columns), 'float64');
        const worst = Math.max(
          ...columns.flatMap((column, n) =>
            column.map((value, row) => Math.abs(value - (again[n]?.[row] ?? Number.NaN))),
          ),
        );
        assert.ok(worst < 1e-6, `${worst} off`);
      }),
    );
  });

  it('of float32 length beyond 1 are half turns', () => {
    const [i, j, k] = rotationOfQuaternion([0, 1.0000002, 0], 'float32');
    assert.deepEqual(
      [i, j, k].map((column) => column.map((value) => value + 0)),
      [
        [-1, 0, 0],
        [0, 1, 0],
        [0, 0, -1],
      ],
    );
  });
});
