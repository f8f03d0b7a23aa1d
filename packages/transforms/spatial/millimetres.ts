import { z } from 'zod';

/** From the pixels of a microscope to more than a body: what lies beyond is a slip of the pen. */
const length = z.number().min(1e-4).max(1e4);

/** An argument that says how far the centres of voxels lie apart along x, y, z. */
export function millimetresOf(description: string) {
  return z.tuple([length, length, length]).describe(description);
}
