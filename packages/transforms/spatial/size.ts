import { z } from 'zod';

/**
 * A chain must not ask for more memory than any image has: voxels of a field.
 * @beyond CONFIG_INVALID when the chain is checked
 */
const MOST_VOXELS = 2 ** 31;

/** An argument that says how many voxels a grid has along x, y, z. */
export function sizeOf(description: string) {
  const extent = z.int().min(1).max(32_767);
  return z
    .tuple([extent, extent, extent])
    .refine(([x, y, z]) => x * y * z <= MOST_VOXELS, { error: 'at most 2^31 voxels' })
    .describe(description);
}
