export {
  affineOfColumns,
  assertInvertible,
  columnOf,
  identityAffine,
  invertAffine,
  isSingular,
  originOf,
  spacingOf,
  transformPoint,
} from './affine.ts';
export { annotationBox, type Box, boxShape, isBoxWithin, type Padding } from './box.ts';
export { type ClosestRas, closestRas } from './closest-ras.ts';
export type { Affine, Axis, Grid, Vec3 } from './grid.ts';
export { AXES, perAxis } from './grid.ts';
export {
  boxToRoi,
  composeMaps,
  type IndexMap,
  identityMap,
  indexToRoi,
  invertMap,
  roiToBox,
} from './index-map.ts';
export { LARGEST_POINT_COUNT, SMALLEST_POINT_COUNT } from './limits.ts';
export { type AxisDirection, ioOrientation, orientationCode } from './orientation.ts';
export { pointsToIndex, pointsToViewIndex, type Space } from './points.ts';
export { cross, dot, scaled } from './vector.ts';
