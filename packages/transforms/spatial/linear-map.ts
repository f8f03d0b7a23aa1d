import { AXES, type IndexMap, perAxis, spacingOf, type Vec3 } from '#geometry';
import type { Field } from '../field.ts';
import { affineOf } from '../place.ts';

/** 9 numbers, a row-major 3x3 matrix. */
export type Matrix = readonly number[];

/** A turn about x, then y, then z, by angles in radians. */
export function rotation([x, y, z]: Vec3): Matrix {
  const [cx, cy, cz] = [Math.cos(x), Math.cos(y), Math.cos(z)];
  const [sx, sy, sz] = [Math.sin(x), Math.sin(y), Math.sin(z)];
  const aboutX = [1, 0, 0, 0, cx, -sx, 0, sx, cx];
  const aboutY = [cy, 0, sy, 0, 1, 0, -sy, 0, cy];
  const aboutZ = [cz, -sz, 0, sz, cz, 0, 0, 0, 1];
  return product(aboutZ, product(aboutY, aboutX));
}

/** What makes the image larger by these factors: it is read at places that lie as much closer. */
export function scaling(factors: Vec3): Matrix {
  return [1 / factors[0], 0, 0, 0, 1 / factors[1], 0, 0, 0, 1 / factors[2]];
}

function product(a: Matrix, b: Matrix): Matrix {
  return AXES.flatMap((row) =>
    AXES.map((column) =>
      AXES.reduce<number>((sum, n) => sum + (a[row * 3 + n] ?? 0) * (b[n * 3 + column] ?? 0), 0),
    ),
  );
}

/** Turns in millimetres become maps of indices: a field's voxels may be longer one way than another. */
export function millimetreAxes({ place }: Field): { inVoxels: (...maps: Matrix[]) => Matrix } {
  const mm: Vec3 = place === undefined ? [1, 1, 1] : spacingOf(affineOf(place));
  return {
    inVoxels: (...maps) =>
      AXES.flatMap((row) =>
        AXES.map((column) => {
          const whole = maps.reduce(product);
          return ((whole[row * 3 + column] ?? 0) * mm[column]) / mm[row];
        }),
      ),
  };
}

/**
 * The map that reads a grid of `to` voxels around the middle of one of `from` voxels, shifted by so many
 * voxels of it.
 */
export function aboutCentre(
  linear: Matrix,
  { from, to, shift }: { from: Vec3; to: Vec3; shift: Vec3 },
): IndexMap {
  const middle = perAxis((axis) => (to[axis] - 1) / 2);
  const centre = perAxis((axis) => (from[axis] - 1) / 2 + shift[axis]);
  return aboutPoint(linear, { middle, centre });
}

/** The map that reads at `centre` of the input what is to be at `middle` of the output. */
export function aboutPoint(
  linear: Matrix,
  { middle, centre }: { middle: Vec3; centre: Vec3 },
): IndexMap {
  return AXES.flatMap((row) => {
    const [a = 0, b = 0, c = 0] = linear.slice(row * 3, row * 3 + 3);
    return [a, b, c, centre[row] - a * middle[0] - b * middle[1] - c * middle[2]];
  });
}
