import { SextantError } from '#errors';
import { type Box, identityMap } from '#geometry';
import { resampleThreshold, Tensor } from '#kernels';
import { settleField } from '../change-voxels.ts';
import type { RunContext } from '../declaration.ts';
import { shapeOf } from '../field.ts';

/** The voxels of a label that are not background. */
export interface Foreground {
  /** uint8 [x, y, z], 1 in the foreground; the caller disposes it. */
  readonly mask: Tensor;
  /** The smallest box of all of them; all 0 where there is none. */
  readonly box: Box;
}

/**
 * The foreground of a label that has to have one.
 * @throws SextantError LABEL_EMPTY
 */
export async function foregroundOf(name: string, context: RunContext): Promise<Foreground> {
  const found = await maskOf(name, context);
  if (found.box.high[0] > 0) return found;
  found.mask.dispose();
  throw labelEmpty(name);
}

/** What of a label is 0.5 or more: labels are whole numbers, and 0 is the background. */
export async function maskOf(name: string, context: RunContext): Promise<Foreground> {
  const field = await settleField(name, context);
  using input = field.storage.select(0, 0);
  const mask = Tensor.empty('uint8', shapeOf(field));
  try {
    const asItIs = { outputToInput: identityMap, atLeast: 0.5 };
    const { signal } = context;
    const box = await resampleThreshold({
      input,
      output: mask,
      ...asItIs,
      ...(signal && { signal }),
    });
    return { mask, box };
  } catch (error) {
    mask.dispose();
    throw error;
  }
}

function labelEmpty(name: string): SextantError {
  return new SextantError('LABEL_EMPTY', {
    subject: name,
    got: 'no voxel of the foreground',
    expected: 'a label with at least one voxel above 0',
    remedy: 'leave the item out, or put transforms that may cut the structure off behind this one',
  });
}
