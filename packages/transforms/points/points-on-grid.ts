import { invertMap, transformPoint, type Vec3 } from '#geometry';
import type { Field } from '../field.ts';

/** Points of the file's image as indices of the grid that a field is on by now. */
export function pointsOnGrid(points: readonly Vec3[], { place }: Field): readonly Vec3[] {
  if (place === undefined) return points;
  const fromOrigin = invertMap(place.toOrigin);
  return points.map((point) => transformPoint(fromOrigin, point));
}
