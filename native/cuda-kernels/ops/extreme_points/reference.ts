import type { ExtremePointsKernel, Point } from './index.ts';

export interface ReferenceExtremePoints {
  points: readonly Point[];
  sigma: number;
  shape: readonly [number, number, number];
  kernel?: ExtremePointsKernel;
}

/** The slow twin: every point's contribution to every voxel by the definition, in C order. */
export function referenceExtremePoints(options: ReferenceExtremePoints): Float32Array {
  return options.kernel === 'monai' ? sumOfErf(options) : maximumOfGaussians(options);
}

function maximumOfGaussians({ points, sigma, shape }: ReferenceExtremePoints): Float32Array {
  return Float32Array.from(voxels(shape), (voxel) => {
    const distances = points.map((p) =>
      voxel.reduce((sum, v, a) => sum + (v - (p[a] ?? 0)) ** 2, 0),
    );
    return Math.exp(-Math.min(...distances) / (2 * sigma * sigma));
  });
}

function sumOfErf({ points, sigma, shape }: ReferenceExtremePoints): Float32Array {
  const centres = new Map<string, number[]>();
  for (const point of points) {
    const centre = point.map((p, a) =>
      Math.min(Math.max(roundHalfToEven(p), 0), (shape[a] ?? 1) - 1),
    );
    centres.set(centre.join(), centre);
  }
  const raw = voxels(shape).map((voxel) => {
    let sum = 0;
    for (const centre of centres.values()) {
      sum += voxel.reduce((product, v, a) => product * erfKernel(v - (centre[a] ?? 0), sigma), 1);
    }
    return sum;
  });
  const min = raw.reduce((a, b) => Math.min(a, b), Infinity);
  const max = raw.reduce((a, b) => Math.max(a, b), -Infinity);
  return Float32Array.from(raw, (x) => (min === max ? -x : ((x - min) / (max - min)) * 2 - 1));
}

/** MONAI's kernel: a Gaussian integrated over the voxel, cut and not renormalised. */
function erfKernel(d: number, sigma: number): number {
  if (Math.abs(d) > Math.trunc(4 * sigma + 0.5)) return 0;
  const t = 1 / (Math.SQRT2 * sigma);
  return (erf((d + 0.5) * t) - erf((d - 0.5) * t)) / 2;
}

/** Maclaurin series near zero, Lentz's continued fraction of erfc beyond: about 1e-15 each. */
function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (x > 6) return 1;
  if (x > 2.5) return 1 - erfcByFraction(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function erfcByFraction(x: number): number {
  let tail = x;
  for (let n = 80; n > 0; n--) tail = x + n / 2 / tail;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

function voxels([nx, ny, nz]: readonly [number, number, number]): number[][] {
  return Array.from({ length: nx * ny * nz }, (_, n) => {
    const i = Math.floor(n / (ny * nz));
    return [i, Math.floor(n / nz) % ny, n % nz];
  });
}
