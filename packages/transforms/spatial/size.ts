import { z } from 'zod';
import { LONGEST_AXIS, MOST_VOXELS } from '../limits.ts';

/** An argument that says how many voxels a grid has along x, y, z. */
export function sizeOf(description: string) {
  const extent = z.int().min(1).max(LONGEST_AXIS);
  return z
    .tuple([extent, extent, extent])
    .refine(([x, y, z]) => x * y * z <= MOST_VOXELS, { error: 'at most 2^31 voxels' })
    .describe(description);
}
