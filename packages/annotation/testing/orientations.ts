import type { Vec3 } from '#geometry';
import type { Model } from '#models';
import { randomGrid, seeded, storedOrientations } from '../../geometry/testing/random-grid.ts';
import type { PreparedVolume } from '../prepare-volume.ts';
import { maskOf } from './annotate-structure.ts';
import { originalOrder, rasText, storedAs } from './stored-copies.ts';

export interface OrientationCase {
  readonly model: Model;
  readonly original: PreparedVolume;
  /** Voxel indices of the original. */
  readonly points: readonly Vec3[];
}

/**
 * Clicks an image, then its copies in all 48 orientations with the points as RAS text of three
 * decimals.
 *
 * @returns the mask's voxels, how many copies were clicked, and the numbers of those whose mask is
 *   another one
 */
export async function clickOrientations({ model, original, points }: OrientationCase): Promise<{
  voxels: number;
  copies: number;
  different: readonly number[];
}> {
  const { shape, affine } = original.grid;
  const texts = points.map((point) => rasText(point, affine));
  const expected = await maskOf(model, original, points);
  const copies = storedOrientations(original.grid);
  const different: number[] = [];
  for (const [number, copy] of copies.entries()) {
    const volume = await storedAs(original, copy);
    const mask = await maskOf(model, volume, texts, 'ras');
    volume.dispose();
    const same = Buffer.compare(expected, originalOrder(mask, shape, copy)) === 0;
    if (!same) different.push(number);
  }
  const voxels = expected.reduce((sum, value) => sum + value, 0);
  return { voxels, copies: copies.length, different };
}

/**
 * The same voxels on a grid that is turned at random, its affine stored as float32. Anatomy needs no
 * meaning here. Shares the volume's memory.
 */
export function turnedAtRandom(
  volume: PreparedVolume,
  seed: number,
  spacingMm?: Vec3,
): PreparedVolume {
  const { affine } = randomGrid(seeded(seed), spacingMm);
  return { ...volume, grid: { shape: volume.grid.shape, affine }, dispose: () => volume.dispose() };
}
