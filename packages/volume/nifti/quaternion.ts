import type { Vec3 } from '#geometry';
import { perAxis } from '#geometry';

/**
 * Below this 1 - (b² + c² + d²) is the rounding of float32 fields, and the rotation is by half a
 * turn: a is then 0, as in the standard's reference code (nifti1_io.c, nifti_quatern_to_mat44).
 */
const HALF_TURN = 1e-7;

/**
 * The columns of the rotation of the standard's method 2, from the b, c, d of its quaternion.
 * @param precision 'float32' for NIfTI-1, whose rounded fields can exceed length 1
 */
export function rotationOfQuaternion(
  quaternion: Vec3,
  precision: 'float32' | 'float64',
): readonly [Vec3, Vec3, Vec3] {
  const lengthSquared = quaternion[0] ** 2 + quaternion[1] ** 2 + quaternion[2] ** 2;
  const rest = 1 - lengthSquared;
  const halfTurn = rest < (precision === 'float32' ? HALF_TURN : 0);
  const shrink = halfTurn ? 1 / Math.sqrt(lengthSquared) : 1;
  const a = halfTurn ? 0 : Math.sqrt(rest);
  const [b, c, d] = perAxis((axis) => quaternion[axis] * shrink);
  return [
    [a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)],
    [2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)],
    [2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - c * c - b * b],
  ];
}

/** The b, c, d (a >= 0) of a proper rotation given by its columns. */
export function quaternionOfRotation([i, j, k]: readonly [Vec3, Vec3, Vec3]): Vec3 {
  // The largest of the four is divided by, so that no digits cancel (Shepperd's method).
  const squares = [
    1 + i[0] + j[1] + k[2],
    1 + i[0] - j[1] - k[2],
    1 - i[0] + j[1] - k[2],
    1 - i[0] - j[1] + k[2],
  ] as const;
  const largest = squares.indexOf(Math.max(...squares));
  const twice = Math.sqrt(Math.max(...squares));
  const s = 1 / (2 * twice);
  const half = twice / 2;
  const candidates: readonly (readonly [number, Vec3])[] = [
    [half, [(j[2] - k[1]) * s, (k[0] - i[2]) * s, (i[1] - j[0]) * s]],
    [(j[2] - k[1]) * s, [half, (i[1] + j[0]) * s, (k[0] + i[2]) * s]],
    [(k[0] - i[2]) * s, [(i[1] + j[0]) * s, half, (j[2] + k[1]) * s]],
    [(i[1] - j[0]) * s, [(k[0] + i[2]) * s, (j[2] + k[1]) * s, half]],
  ];
  const [a, bcd] = candidates[largest] ?? [1, [0, 0, 0]];
  return perAxis((axis) => (a < 0 ? -bcd[axis] : bcd[axis]));
}
