import {
  type Affine,
  AXES,
  affineOfColumns,
  assertInvertible,
  isSingular,
  perAxis,
  scaled,
  transformPoint,
  type Vec3,
} from '#geometry';
import type { Placement, Qform, Warning } from '../volume.ts';
import { LARGEST_AFFINE_DIFFERENCE_MM } from './limits.ts';
import { affineOfQform } from './qform.ts';
import type { RawHeader } from './raw-header.ts';

export type AffineSource = 'sform' | 'qform' | 'pixdim';

export interface HeaderAffine {
  readonly affine: Affine;
  readonly source: AffineSource;
  readonly placement: Placement;
  readonly warnings: readonly Warning[];
}

/** Millimetres in the units of xyzt_units: metres, millimetres, micrometres; unknown counts as mm. */
const MM_PER_UNIT: ReadonlyMap<number, { name: string; mm: number }> = new Map([
  [1, { name: 'metres', mm: 1000 }],
  [3, { name: 'micrometres', mm: 0.001 }],
]);

/**
 * Index -> RAS mm of a header: the sform if its code is above 0, else the qform if its code is,
 * else the spacings with the origin at voxel 0 (the standard's method 1), with a warning, since left
 * and right are then a guess. Where sform and qform are both there and disagree the sform stands,
 * with a warning.
 *
 * @param shape the first three dimensions
 * @throws SextantError VOLUME_AFFINE_SINGULAR
 */
export function headerAffine(header: RawHeader, shape: Vec3): HeaderAffine {
  const warnings: Warning[] = [];
  const units = MM_PER_UNIT.get(header.spatialUnits);
  const inMm = (affine: Affine): Affine =>
    affine.map((value, position) => (position < 12 ? value * (units?.mm ?? 1) : value));
  if (units !== undefined) {
    warnings.push({
      reason: 'UNITS_CONVERTED',
      message: `the header counts in ${units.name}; places are given in millimetres`,
    });
  }
  const spacing = usableSpacing(header.pixdim, shape, warnings);
  const form = header.qformCode > 0 ? qformOf(header, spacing, units?.mm ?? 1) : undefined;
  const precision = header.version === 1 ? 'float32' : 'float64';
  const qform = form && affineOfQform(form, precision);
  const placement: Placement = {
    sformCode: Math.max(0, header.sformCode),
    qformCode: Math.max(0, header.qformCode),
    qform: form,
  };
  if (header.sformCode > 0) {
    const affine = inMm([...header.sformRows, 0, 0, 0, 1]);
    assertInvertible(affine);
    if (qform !== undefined) warnings.push(...disagreement(affine, qform, shape));
    return { affine, source: 'sform', placement, warnings: warnings.filter(concernsSform) };
  }
  const affine = qform ?? inMm(diagonal(spacing));
  assertInvertible(affine);
  if (qform !== undefined) return { affine, source: 'qform', placement, warnings };
  const message =
    'the header does not say how the image lies in the patient (sform_code and qform_code are 0), ' +
    'so its left and right are not known; its axes are taken to run to the right, front and head';
  warnings.push({ reason: 'ORIENTATION_UNKNOWN', message });
  return { affine, source: 'pixdim', placement, warnings };
}

/** A spacing's sign says nothing about an image whose sform is used. */
function concernsSform({ reason }: Warning): boolean {
  return reason !== 'SPACING_NEGATIVE';
}

/**
 * pixdim[1..3] as lengths. The standard asks for positive numbers; readers take the length of a
 * negative one, and 1 for a zero on an axis of one voxel.
 */
function usableSpacing(pixdim: readonly number[], shape: Vec3, warnings: Warning[]): Vec3 {
  const stored = perAxis((axis) => pixdim[axis + 1] ?? Number.NaN);
  if (stored.some((length) => length < 0)) {
    warnings.push({
      reason: 'SPACING_NEGATIVE',
      message: `pixdim is (${stored.join(', ')}); its lengths are used without the sign`,
    });
  }
  return perAxis((axis) => (stored[axis] === 0 && shape[axis] === 1 ? 1 : Math.abs(stored[axis])));
}

function qformOf(header: RawHeader, spacing: Vec3, mm: number): Qform {
  return {
    quaternion: header.quaternion,
    qfac: (header.pixdim[0] ?? 1) < 0 ? -1 : 1,
    spacing: scaled(spacing, mm),
    offset: scaled(header.quaternionOffset, mm),
  };
}

function diagonal(spacing: Vec3): Affine {
  return affineOfColumns(
    [
      [spacing[0], 0, 0],
      [0, spacing[1], 0],
      [0, 0, spacing[2]],
    ],
    [0, 0, 0],
  );
}

function disagreement(sform: Affine, qform: Affine, shape: Vec3): Warning[] {
  const distance = isSingular(qform)
    ? Number.POSITIVE_INFINITY
    : largestCornerDistance(sform, qform, shape);
  if (distance <= LARGEST_AFFINE_DIFFERENCE_MM) return [];
  const apart = Number.isFinite(distance)
    ? `differ by up to ${Number(distance.toPrecision(3))} mm`
    : 'differ, since the qform is not usable';
  return [{ reason: 'AFFINES_DIFFER', message: `sform and qform ${apart}; the sform is used` }];
}

/** The largest distance in mm at which two affines put one outer corner of a grid. */
export function largestCornerDistance(a: Affine, b: Affine, shape: Vec3): number {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
    perAxis((axis) => ((bits >> axis) & 1 ? shape[axis] - 0.5 : -0.5)),
  );
  const distances = corners.map((corner) => {
    const [left, right] = [transformPoint(a, corner), transformPoint(b, corner)];
    return Math.hypot(...AXES.map((row) => left[row] - right[row]));
  });
  return Math.max(...distances);
}
