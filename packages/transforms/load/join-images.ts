import { SextantError } from '#errors';
import { type Affine, spacingOf, transformPoint, type Vec3 } from '#geometry';
import { move, Tensor } from '#kernels';
import { filled } from '../filled.ts';
import { affineOf } from '../place.ts';
import type { ReadImage } from './read-image.ts';

/** Of a voxel: header numbers that different tools wrote of one grid differ by less. */
const TOLERANCE = 0.1;

/**
 * The channels of several images of one grid behind each other, [C, x, y, z]; the caller disposes them.
 *
 * @throws SextantError ARGUMENT_INVALID with the path of an image that lies elsewhere, CANCELLED
 */
export async function joinImages(
  images: readonly ReadImage[],
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Tensor> {
  assertOneGrid(images, paths);
  const [, ...space] = images[0]?.storage.shape ?? [];
  const channels = images.reduce((sum, { storage }) => sum + (storage.shape[0] ?? 0), 0);
  const isOneType = new Set(images.map(({ storage }) => storage.dtype)).size === 1;
  const dtype = isOneType ? (images[0]?.storage.dtype ?? 'float32') : 'float32';
  return await filled(Tensor.empty(dtype, [channels, ...space]), async (memory) => {
    let channel = 0;
    for (const { storage: input } of images) {
      const end = channel + (input.shape[0] ?? 0);
      using output = memory.slice(0, channel, end);
      await move({ input, output, ...(signal && { signal }) });
      channel = end;
    }
  });
}

function assertOneGrid(images: readonly ReadImage[], paths: readonly string[]): void {
  const shapes = images.map(({ storage }) => storage.shape.slice(1).join(' x '));
  const affines = images.map(({ place }) => affineOf(place));
  const [, ...space] = images[0]?.storage.shape ?? [];
  for (const [index, path] of paths.entries()) {
    if (shapes[index] !== shapes[0]) {
      throw otherGrid(path, `${shapes[index]} voxels`, `${shapes[0]}, as ${paths[0]} has`);
    }
    const distance = furthest(affines[0] ?? [], affines[index] ?? [], space as unknown as Vec3);
    if (distance <= TOLERANCE * Math.min(...spacingOf(affines[0] ?? []))) continue;
    const got = `voxels up to ${Number(distance.toPrecision(3))} mm away from those of ${paths[0]}`;
    throw otherGrid(path, got, 'the same position, spacing and direction in every file');
  }
}

/** Millimetres between the two places of a corner voxel, at the corner where they are most. */
function furthest(first: Affine, second: Affine, [nx, ny, nz]: Vec3): number {
  const corners = [0, nx - 1].flatMap((x) =>
    [0, ny - 1].flatMap((y) => [0, nz - 1].map((z): Vec3 => [x, y, z])),
  );
  const distances = corners.map((corner) => {
    const [a, b] = [transformPoint(first, corner), transformPoint(second, corner)];
    return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
  });
  return Math.max(...distances);
}

function otherGrid(subject: string, got: string, expected: string): SextantError {
  return new SextantError('ARGUMENT_INVALID', {
    subject,
    got,
    expected: `${expected}: files of one field are its channels`,
    remedy: 'resample the files onto one grid first',
  });
}
