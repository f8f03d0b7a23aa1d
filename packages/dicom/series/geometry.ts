import { type Affine, affineOfColumns, scaled, type Vec3 } from '#geometry';
import type { Warning } from '#volume';
import { type Slice, tileSpacing } from './slice.ts';
import { type Spread, type Stack, spreadOf } from './stack.ts';

/** Where a volume's voxels lie, and what is to be known about it. */
export interface VolumeGeometry {
  readonly affine: Affine;
  readonly tiltDegrees?: number | undefined;
  readonly spread?: Spread | undefined;
  readonly warnings: readonly Warning[];
}

/**
 * A step that leans sideways over the whole stack by less than this part of a pixel is rounding of the
 * positions' text.
 */
const TILT_PIXELS = 0.1;

/**
 * The affine of a stack (PS3.3 C.7.6.2.1.1): the first column is the step along a row, the second the
 * step down a column, the third the step from slice to slice, which positions say and no attribute else;
 * from LPS to RAS the first two rows change their sign.
 */
export function geometryOf(stack: Stack): VolumeGeometry {
  const [slice] = stack.places[0] ?? [];
  if (slice === undefined) throw new Error('a stack without slices');
  const { spacing, warnings } = pixelSpacing(slice);
  const isLone = stack.places.length === 1;
  const spread = isLone ? undefined : spreadOf(stack);
  const lone = isLone ? loneStep(slice) : undefined;
  const stepLps = spread?.stepLps ?? scaled(stack.plane.normal, lone?.spacingMm ?? 1);
  const affine = rasAffine({
    columns: [
      scaled(stack.plane.alongRow, spacing[0]),
      scaled(stack.plane.downColumn, spacing[1]),
      stepLps,
    ],
    origin: slice.position ?? [0, 0, 0],
  });
  const isTilted = spread !== undefined && leans(spread, stack, Math.min(...spacing));
  return {
    affine,
    tiltDegrees: isTilted ? spread.tiltDegrees : undefined,
    spread,
    warnings: [...warnings, ...(lone?.warnings ?? []), ...tileWarnings(slice)],
  };
}

/** A mosaic that says no distance of its slices. */
function tileWarnings({ instance: { mosaic }, about, tile }: Slice): Warning[] {
  if (tile === undefined || mosaic?.positionsLpsMm !== undefined) return [];
  const spacing = tileSpacing(about, mosaic);
  if (spacing?.isThickness !== true) return [];
  const message = `a mosaic that says no distance of its slices: their thickness, ${spacing.mm} mm, was taken`;
  return [{ reason: 'THICKNESS_AS_SPACING', message }];
}

/** Of images that are not placed in a patient: as if they lay across the body's axis at its middle. */
export function unplacedGeometry(slice: Slice): VolumeGeometry {
  const { spacing, warnings } = pixelSpacing(slice);
  const affine = rasAffine({
    columns: [
      [spacing[0], 0, 0],
      [0, spacing[1], 0],
      [0, 0, slice.about.spacingBetweenSlicesMm ?? slice.about.sliceThicknessMm ?? 1],
    ],
    origin: [0, 0, 0],
  });
  const message = 'the file says no position or orientation: left and right are not known';
  return { affine, warnings: [...warnings, { reason: 'ORIENTATION_UNKNOWN', message }] };
}

function leans({ tiltDegrees, stepLps }: Spread, { places }: Stack, pixelMm: number): boolean {
  const lateral = Math.abs(Math.sin((tiltDegrees * Math.PI) / 180)) * Math.hypot(...stepLps);
  return lateral * (places.length - 1) > TILT_PIXELS * pixelMm;
}

function pixelSpacing({ about }: Slice): {
  spacing: readonly [number, number];
  warnings: Warning[];
} {
  if (about.pixelSpacingMm !== undefined) return { spacing: about.pixelSpacingMm, warnings: [] };
  const message = 'the file says no pixel spacing: 1 mm was taken';
  return { spacing: [1, 1], warnings: [{ reason: 'SPACING_UNKNOWN', message }] };
}

/** Of a lone slice no position tells how thick it stands for. */
function loneStep({ about }: Slice): { spacingMm: number; warnings: Warning[] } {
  const { spacingBetweenSlicesMm: between, sliceThicknessMm: thickness } = about;
  if (between !== undefined && between !== 0) return { spacingMm: Math.abs(between), warnings: [] };
  if (thickness !== undefined && thickness > 0) {
    const message = `a single slice: its thickness, ${thickness} mm, was taken as the distance`;
    return { spacingMm: thickness, warnings: [{ reason: 'THICKNESS_AS_SPACING', message }] };
  }
  const message = 'a single slice without a thickness: 1 mm was taken';
  return { spacingMm: 1, warnings: [{ reason: 'SPACING_UNKNOWN', message }] };
}

function rasAffine({ columns, origin }: { columns: [Vec3, Vec3, Vec3]; origin: Vec3 }): Affine {
  const [i, j, k] = columns;
  return affineOfColumns([toRas(i), toRas(j), toRas(k)], toRas(origin));
}

/** + 0 turns -0 into 0. */
function toRas([x, y, z]: Vec3): Vec3 {
  return [-x + 0, -y + 0, z];
}
