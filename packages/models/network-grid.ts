import { SextantError } from '#errors';
import type { Vec3 } from '#geometry';
import { GRID_AXIS_LIMIT, GRID_MULTIPLE } from './limits.ts';

/** The grid that the network wants: always the same, or one whose voxels have a given size. */
export type NetworkGrid =
  | { readonly kind: 'roi'; readonly shape: Vec3 }
  | { readonly kind: 'spacing'; readonly spacingMm: Vec3 };

/**
 * The shape of the network's grid for a box of `extentMm` millimetres. From a spacing it is the
 * nearest multiple of 16 on each axis, so the network's voxels are of nearly that spacing.
 */
export function gridShape(grid: NetworkGrid, extentMm: Vec3): Vec3 {
  if (grid.kind === 'roi') return grid.shape;
  const shape = extentMm.map((extent, axis) => {
    const voxels = extent / (grid.spacingMm[axis] ?? 1);
    return Math.max(1, Math.round(voxels / GRID_MULTIPLE)) * GRID_MULTIPLE;
  });
  const [x = 0, y = 0, z = 0] = shape;
  if (Math.max(x, y, z) > GRID_AXIS_LIMIT) {
    throw new SextantError('LIMIT_EXCEEDED', {
      subject: 'points',
      got: `a box of ${x} x ${y} x ${z} voxels of the network`,
      expected: `at most ${GRID_AXIS_LIMIT} along an axis`,
      remedy: 'click a smaller structure, or give the model a larger spacing',
    });
  }
  return [x, y, z];
}
