import { type Grid, perAxis, type Vec3 } from '#geometry';
import { Tensor } from '#kernels';
import { writeNifti } from '#volume/nifti';

const SHAPE: Vec3 = [512, 512, 300];
const SPACING_MM: Vec3 = [0.8, 0.8, 1];
const AIR = -1000;
/** Later ones lie over earlier ones. Centre and half extents in fractions of the grid; HU. */
const PARTS: readonly { centre: Vec3; half: Vec3; hu: number }[] = [
  { centre: [0.5, 0.5, 0.5], half: [0.44, 0.33, 0.9], hu: 40 },
  { centre: [0.5, 0.72, 0.5], half: [0.05, 0.05, 0.9], hu: 600 },
  { centre: [0.3, 0.45, 0.75], half: [0.13, 0.17, 0.2], hu: -850 },
  { centre: [0.7, 0.45, 0.75], half: [0.13, 0.17, 0.2], hu: -850 },
  { centre: [0.36, 0.46, 0.35], half: [0.15, 0.14, 0.18], hu: 120 },
];
const NOISE_BITS = 6;

/**
 * A trunk of a seeded generator: body, spine, lungs and a liver of noise, 512 x 512 x 300 int16.
 *
 * @returns the .nii.gz, and the number of bytes of its voxels
 */
export async function ctPhantom(seed = 1): Promise<{ file: Uint8Array; voxelBytes: number }> {
  const grid: Grid = {
    shape: SHAPE,
    affine: [SPACING_MM[0], 0, 0, 0, 0, SPACING_MM[1], 0, 0, 0, 0, SPACING_MM[2], 0, 0, 0, 0, 1],
  };
  using voxels = Tensor.empty('int16', SHAPE, { order: 'F' });
  const bytes = voxels.bytes();
  const values = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2).fill(AIR);
  for (const part of PARTS) fill(values, part);
  addNoise(values, seed);
  const scale = { slope: 1, intercept: 0 };
  const file = await writeNifti({ grid, dtype: 'int16', voxels, scale }, { gzip: true });
  return { file, voxelBytes: values.byteLength };
}

function fill(values: Int16Array, { centre, half, hu }: (typeof PARTS)[number]): void {
  const [nx, ny, nz] = SHAPE;
  const square = (at: number, axis: 0 | 1 | 2) =>
    ((at / SHAPE[axis] - centre[axis]) / half[axis]) ** 2;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const left = 1 - square(k, 2) - square(j, 1);
      if (left <= 0) continue;
      const reach = Math.sqrt(left) * half[0];
      const begin = Math.max(0, Math.ceil((centre[0] - reach) * nx));
      const end = Math.min(nx, Math.floor((centre[0] + reach) * nx) + 1);
      const row = nx * (j + ny * k);
      values.fill(hu, row + begin, row + end);
    }
  }
}

function addNoise(values: Int16Array, seed: number): void {
  let state = seed >>> 0;
  for (let n = 0; n < values.length; n++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[n] = (values[n] ?? 0) + (state >>> (32 - NOISE_BITS));
  }
}

/** Six points, the extremes of a box of voxels around a centre. */
export function pointsAround(centre: Vec3, half: Vec3): Vec3[] {
  return ([0, 1, 2] as const).flatMap((axis) =>
    [-1, 1].map((side) => perAxis((a) => centre[a] + (a === axis ? side * half[a] : 0))),
  );
}
