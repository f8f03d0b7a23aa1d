import { SextantError } from '#errors';
import { pointwise, type Statistics, statistics, Tensor } from '#kernels';
import type { Warning } from '#volume';
import { filled } from '../filled.ts';

export interface FiniteVoxels {
  /** The input itself where it was finite or is float32, else float32 memory that the caller disposes. */
  readonly voxels: Tensor;
  readonly warnings: readonly Warning[];
}

/**
 * Voxels of which every one is a finite number: NaN counts as the lowest finite value, and so does
 * -infinity; +infinity as the highest. Float32 is changed in place; float64 becomes float32, which is
 * what a network sees anyway. `found` are the voxels' statistics, with at least one finite value;
 * under a negative `slope` the highest stored number is the lowest value.
 */
export async function finiteVoxels(
  input: Tensor,
  found: Statistics,
  { slope, signal }: { readonly slope: number; readonly signal?: AbortSignal | undefined },
): Promise<FiniteVoxels> {
  const { min, max, nanCount, infCount } = found;
  if (nanCount + infCount === 0) return { voxels: input, warnings: [] };
  const [low, high] = slope < 0 ? [max, min] : [min, max];
  const map = { kind: 'finite', low, high } as const;
  const write = (output: Tensor) => pointwise({ input, output, map, ...(signal && { signal }) });
  const warnings = [notFinite(nanCount, infCount)];
  if (input.dtype === 'float32') {
    await write(input);
    return { voxels: input, warnings };
  }
  const voxels = await filled(Tensor.empty('float32', input.shape, { order: 'F' }), write);
  return { voxels, warnings };
}

/**
 * The same of an image that is read for a chain, which may be one value throughout.
 * @throws SextantError VOLUME_CONSTANT with its path where no voxel is finite, CANCELLED
 */
export async function finiteImage(
  input: Tensor,
  path: string,
  how: { readonly slope: number; readonly signal?: AbortSignal | undefined },
): Promise<FiniteVoxels> {
  if (input.dtype !== 'float32' && input.dtype !== 'float64')
    return { voxels: input, warnings: [] };
  const found = await statistics({ input, ...(how.signal && { signal: how.signal }) });
  if (found.count > 0) return await finiteVoxels(input, found, how);
  throw new SextantError('VOLUME_CONSTANT', {
    subject: path,
    got: 'no finite value',
    expected: 'an image with contrast',
    remedy: 'check that this is the image that was meant',
  });
}

function notFinite(nanCount: number, infCount: number): Warning {
  const found = [
    nanCount > 0 && counted(nanCount, 'not a number (NaN)', 'as the lowest value of the image'),
    infCount > 0 &&
      counted(infCount, 'infinite', 'as the highest value, or the lowest if negative'),
  ];
  return { reason: 'VOXELS_NOT_FINITE', message: found.filter(Boolean).join('; ') };
}

function counted(count: number, what: string, as: string): string {
  return count === 1
    ? `1 voxel is ${what}; it counts ${as}`
    : `${count} voxels are ${what}; they count ${as}`;
}
