import {
  type Affine,
  affineOfColumns,
  columnOf,
  cross,
  dot,
  originOf,
  perAxis,
  scaled,
  spacingOf,
  type Vec3,
} from '#geometry';
import { largestCornerDistance } from './header-affine.ts';
import { LARGEST_AFFINE_DIFFERENCE_MM } from './limits.ts';
import { quaternionOfRotation, rotationOfQuaternion } from './quaternion.ts';
import { layoutOfType } from './voxel-types.ts';
import type { NiftiImage } from './write.ts';

/** The header, and the four bytes that say: no extensions. */
const VOXELS_AT = 352;

/**
 * NIFTI_XFORM_SCANNER_ANAT. A mask lies where its image lies, which for all that is known here are
 * the scanner's coordinates; readers treat the codes alike.
 */
const SCANNER = 1;

/** NIFTI_UNITS_MM; no unit of time. */
const MILLIMETRES = 2;

/** A NIfTI-1 header, little endian, for voxels that follow it at byte 352. */
export function headerOf({ grid, dtype, scale, description = 'Sextant' }: NiftiImage): Uint8Array {
  const bytes = new Uint8Array(VOXELS_AT);
  const view = new DataView(bytes.buffer);
  const floats = (at: number, values: readonly number[]): void =>
    values.forEach((value, position) => {
      view.setFloat32(at + 4 * position, value, true);
    });
  const shorts = (at: number, values: readonly number[]): void =>
    values.forEach((value, position) => {
      view.setInt16(at + 2 * position, value, true);
    });
  const layout = layoutOfType(dtype);
  const affine = grid.affine.map(Math.fround);
  const qform = qformOf(affine, grid.shape);

  view.setInt32(0, 348, true);
  bytes[38] = 'r'.charCodeAt(0);
  shorts(40, [3, ...grid.shape, 1, 1, 1, 1]);
  shorts(70, [layout.code, layout.bitpix]);
  floats(76, [qform?.qfac ?? 1, ...spacingOf(affine), 1, 1, 1, 1]);
  floats(108, [VOXELS_AT, scale?.slope ?? 1, scale?.intercept ?? 0]);
  bytes[123] = MILLIMETRES;
  bytes.set(Buffer.from(description, 'utf8').subarray(0, 79), 148);
  shorts(252, [qform === undefined ? 0 : SCANNER, SCANNER]);
  floats(256, [...(qform?.quaternion ?? [0, 0, 0]), ...originOf(affine)]);
  floats(280, affine.slice(0, 12));
  bytes.set(Buffer.from('n+1\0', 'latin1'), 344);
  return bytes;
}

/**
 * The quaternion and handedness that say the same as the affine, or undefined when none does to
 * within what a reader would call a difference: a shear, or a half turn that float32 blurs.
 */
function qformOf(affine: Affine, shape: Vec3): { quaternion: Vec3; qfac: 1 | -1 } | undefined {
  const spacing = perAxis((axis) => Math.fround(spacingOf(affine)[axis]));
  const [i, j, k] = perAxis((axis) => scaled(columnOf(affine, axis), 1 / spacing[axis]));
  const qfac = dot(i, cross(j, k)) < 0 ? -1 : 1;
  const exact = quaternionOfRotation([i, j, scaled(k, qfac)]);
  const quaternion = perAxis((axis) => Math.fround(exact[axis]));
  const columns = rotationOfQuaternion(quaternion, 'float32');
  const sign = [1, 1, qfac] as const;
  const reread = affineOfColumns(
    perAxis((axis) => scaled(columns[axis], spacing[axis] * sign[axis])),
    originOf(affine),
  );
  const distance = largestCornerDistance(affine, reread, shape);
  return distance <= LARGEST_AFFINE_DIFFERENCE_MM ? { quaternion, qfac } : undefined;
}
