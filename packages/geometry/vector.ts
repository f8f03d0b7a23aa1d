import { perAxis, type Vec3 } from './grid.ts';

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function scaled(a: Vec3, factor: number): Vec3 {
  // + 0 turns -0 into 0, which would otherwise show in printed affines.
  return perAxis((axis) => a[axis] * factor + 0);
}
