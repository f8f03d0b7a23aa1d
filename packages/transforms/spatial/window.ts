import { perAxis, type Vec3 } from '#geometry';
import type { Regrid } from '../regrid.ts';

/** The grid of a box of voxels, which may reach outside: what is there is `fill`. */
export function window(low: Vec3, size: Vec3, fill = 0): Regrid {
  return { shape: size, toInput: [1, 0, 0, low[0], 0, 1, 0, low[1], 0, 0, 1, low[2]], fill };
}

/**
 * Where a window of `size` begins that has `centre` in its middle, moved as little as it takes to lie
 * inside; an image that is smaller lies in the middle of the window.
 */
export function lowAround(centre: Vec3, size: Vec3, shape: Vec3): Vec3 {
  return perAxis((axis) => {
    const room = shape[axis] - size[axis];
    if (room < 0) return Math.floor(room / 2);
    return Math.min(Math.max(centre[axis] - Math.floor(size[axis] / 2), 0), room);
  });
}
