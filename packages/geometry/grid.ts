/** Three numbers along the axes i, j, k (index space) or x, y, z (millimetres). */
export type Vec3 = readonly [number, number, number];

/** 16 numbers, a row-major 4x4 matrix that takes a voxel index to RAS millimetres, in float64. */
export type Affine = readonly number[];

/** A grid of voxels. Voxel centres lie on whole indices; voxel i covers [i - 0.5, i + 0.5]. */
export interface Grid {
  /** Number of voxels along i, j, k. */
  readonly shape: Vec3;
  readonly affine: Affine;
}

export type Axis = 0 | 1 | 2;

export const AXES: readonly [Axis, Axis, Axis] = [0, 1, 2];

/** The vector whose entry along each axis is `f(axis)`. */
export function perAxis<T>(f: (axis: Axis) => T): readonly [T, T, T] {
  return [f(0), f(1), f(2)];
}
