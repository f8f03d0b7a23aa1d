import { type Affine, affineOfColumns, scaled } from '#geometry';
import type { Qform } from '../volume.ts';
import { rotationOfQuaternion } from './quaternion.ts';

/**
 * Index -> RAS mm of the standard's method 2.
 * @param precision of the fields: 'float32' for NIfTI-1
 */
export function affineOfQform(
  { quaternion, qfac, spacing, offset }: Qform,
  precision: 'float32' | 'float64',
): Affine {
  const [i, j, k] = rotationOfQuaternion(quaternion, precision);
  return affineOfColumns(
    [scaled(i, spacing[0]), scaled(j, spacing[1]), scaled(k, spacing[2] * qfac)],
    offset,
  );
}
