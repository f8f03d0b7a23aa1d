import { SextantError } from '#errors';
import type { Space, Vec3 } from '#geometry';
import { MaskEncoding, type Point, PointSpace } from '#proto/sextant/v1/annotation';

/** The fields of a click's request as the packages below want them. */
export function pointsOf(points: readonly Point[]): Vec3[] {
  return points.map(({ x, y, z }) => [x, y, z]);
}

export function spaceOf(space: PointSpace): Space {
  const name = SPACES.get(space);
  if (name !== undefined) return name;
  throw new SextantError('SPACE_UNSPECIFIED', {
    subject: 'space',
    got: space === PointSpace.POINT_SPACE_UNSPECIFIED ? 'none' : `the unknown number ${space}`,
    expected: 'POINT_SPACE_INDEX, POINT_SPACE_RAS or POINT_SPACE_LPS',
    remedy: 'say which space the points are in',
  });
}

/** UNSPECIFIED means run lengths. */
export function encodingOf(encoding: MaskEncoding): MaskEncoding {
  if (encoding === MaskEncoding.MASK_ENCODING_NIFTI_GZIP) return encoding;
  const plain = [MaskEncoding.MASK_ENCODING_UNSPECIFIED, MaskEncoding.MASK_ENCODING_RUN_LENGTHS];
  if (plain.includes(encoding as 0 | 1)) return MaskEncoding.MASK_ENCODING_RUN_LENGTHS;
  throw new SextantError('ARGUMENT_INVALID', {
    subject: 'mask_encoding',
    got: `the unknown number ${encoding}`,
    expected: 'MASK_ENCODING_RUN_LENGTHS or MASK_ENCODING_NIFTI_GZIP',
  });
}

const SPACES = new Map<PointSpace, Space>([
  [PointSpace.POINT_SPACE_INDEX, 'index'],
  [PointSpace.POINT_SPACE_RAS, 'ras'],
  [PointSpace.POINT_SPACE_LPS, 'lps'],
]);
