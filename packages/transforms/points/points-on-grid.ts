import { invertMap, transformPoint, type Vec3 } from '#geometry';
import type { Fault, FieldTypes } from '../declaration.ts';
import type { Fields } from '../fields.ts';
import { assertWayBack, faultOfNoWayBack } from '../no-way-back.ts';

const REMEDY = 'put what deforms behind the transform that places the points';

/**
 * Points of the file's image as indices of the grid that a field is on by now.
 * @throws SextantError CONFIG_INVALID for a field that was deformed
 */
export function pointsOnGrid(
  points: readonly Vec3[],
  name: string,
  fields: Fields,
): readonly Vec3[] {
  const { place } = fields.array(name);
  assertWayBack({ place }, { field: name, remedy: REMEDY });
  if (place === undefined) return points;
  const fromOrigin = invertMap(place.toOrigin);
  return points.map((point) => transformPoint(fromOrigin, point));
}

/** What is wrong where points have to stand for the label, and the image is deformed by then. */
export function faultOfPoints(
  types: FieldTypes,
  { image_field: field, label_field: label }: { image_field: string; label_field: string },
): Fault | undefined {
  if (types.has(label)) return undefined;
  return faultOfNoWayBack(types, { field, remedy: REMEDY, argument: ['image_field'] });
}
