import {
  type Affine,
  columnOf,
  cross,
  dot,
  type Grid,
  originOf,
  perAxis,
  scaled,
  spacingOf,
  type Vec3,
} from '#geometry';
import type { Placement, Qform, Scale, VoxelType } from '../volume.ts';
import { largestCornerDistance } from './header-affine.ts';
import { LARGEST_AFFINE_DIFFERENCE_MM } from './limits.ts';
import { affineOfQform } from './qform.ts';
import { quaternionOfRotation } from './quaternion.ts';
import { layoutOfType } from './voxel-types.ts';

/** The header, and the four bytes that say: no extensions. */
const VOXELS_AT = 352;

/**
 * NIFTI_XFORM_SCANNER_ANAT, for an image of which nothing else is known; readers treat the codes
 * alike.
 */
const SCANNER = 1;

/**
 * A code has 16 bits.
 * @internal
 */
const LARGEST_CODE = 32767;

/** NIFTI_UNITS_MM and NIFTI_UNITS_SEC. */
const MILLIMETRES = 2;
const SECONDS = 8;

/** What a header says. */
export interface HeaderContent {
  readonly grid: Grid;
  /** That of the image which this belongs to; without it the codes are the scanner's. */
  readonly placement?: Placement | undefined;
  readonly dtype: VoxelType;
  readonly scale?: Scale | undefined;
  /** Volumes along the fourth axis; default 1. */
  readonly frames?: number | undefined;
  readonly timeStepSeconds?: number | undefined;
  /** At most 79 bytes are kept. */
  readonly description?: string | undefined;
}

/** A NIfTI-1 header, little endian, for voxels that follow it at byte 352. */
export function headerOf(image: HeaderContent): Uint8Array {
  const { grid, dtype, scale, frames = 1, timeStepSeconds, description = 'Sextant' } = image;
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
  const { sformCode, qformCode, qform } = placementOf(image, affine);

  view.setInt32(0, 348, true);
  bytes[38] = 'r'.charCodeAt(0);
  shorts(40, [frames > 1 ? 4 : 3, ...grid.shape, frames, 1, 1, 1]);
  shorts(70, [layout.code, layout.bitpix]);
  floats(76, [qform?.qfac ?? 1, ...(qform?.spacing ?? spacingOf(affine))]);
  floats(92, [timeStepSeconds ?? 1, 1, 1, 1]);
  floats(108, [VOXELS_AT, scale?.slope ?? 1, scale?.intercept ?? 0]);
  bytes[123] = MILLIMETRES + (timeStepSeconds === undefined ? 0 : SECONDS);
  bytes.set(Buffer.from(description, 'utf8').subarray(0, 79), 148);
  shorts(252, [qformCode, sformCode]);
  if (qform !== undefined) floats(256, [...qform.quaternion, ...qform.offset]);
  if (sformCode > 0) floats(280, affine.slice(0, 12));
  bytes.set(Buffer.from('n+1\0', 'latin1'), 344);
  return bytes;
}

/** The forms to write: those of the image's placement, or of the affine alone. */
function placementOf({ placement, grid }: HeaderContent, affine: Affine): Placement {
  if (placement === undefined) {
    const qform = qformOf(affine, grid.shape);
    return { sformCode: SCANNER, qformCode: qform === undefined ? 0 : SCANNER, qform };
  }
  const [sformCode, qformCode] = [placement.sformCode, placement.qformCode].map((code) =>
    code > LARGEST_CODE ? SCANNER : code,
  ) as [number, number];
  const { qform } = placement;
  if (qform === undefined) return { sformCode, qformCode: 0 };
  const rounded = roundedQform(qform);
  // A quaternion that stood in float32 is to be read as such: it may be too long by rounding.
  const isRounded = rounded.quaternion.every((number, n) => number === qform.quaternion[n]);
  const distance = largestCornerDistance(
    affineOfQform(qform, isRounded ? 'float32' : 'float64'),
    affineOfQform(rounded, 'float32'),
    grid.shape,
  );
  if (distance <= LARGEST_AFFINE_DIFFERENCE_MM) return { sformCode, qformCode, qform: rounded };
  // What float32 cannot say as a rotation it can say as a matrix.
  return { sformCode: sformCode === 0 ? qformCode : sformCode, qformCode: 0 };
}

/**
 * The qform that says the same as the affine, or undefined when none does to within what a reader
 * would call a difference: a shear, or a half turn that float32 blurs.
 */
function qformOf(affine: Affine, shape: Vec3): Qform | undefined {
  const spacing = spacingOf(affine);
  const [i, j, k] = perAxis((axis) => scaled(columnOf(affine, axis), 1 / spacing[axis]));
  const qfac = dot(i, cross(j, k)) < 0 ? -1 : 1;
  const quaternion = quaternionOfRotation([i, j, scaled(k, qfac)]);
  const qform = roundedQform({ quaternion, qfac, spacing, offset: originOf(affine) });
  const distance = largestCornerDistance(affine, affineOfQform(qform, 'float32'), shape);
  return distance <= LARGEST_AFFINE_DIFFERENCE_MM ? qform : undefined;
}

/** As NIfTI-1's fields hold it. */
function roundedQform({ quaternion, qfac, spacing, offset }: Qform): Qform {
  const rounded = (numbers: Vec3): Vec3 => perAxis((axis) => Math.fround(numbers[axis]));
  return {
    quaternion: rounded(quaternion),
    qfac,
    spacing: rounded(spacing),
    offset: rounded(offset),
  };
}
