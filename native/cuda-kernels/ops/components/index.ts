import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { elementCount } from '../../lib/strides.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

/** Voxels touch by a face (6), also by an edge (18), also by a corner (26). */
export type Connectivity = 6 | 18 | 26;

export interface LargestComponentOptions {
  /** uint8, 3 axes, any strides; changed in place. */
  readonly mask: Tensor;
  /** The value to look at, 1 to 255; voxels of other values stay. Default: everything but 0. */
  readonly label?: number;
  readonly connectivity: Connectivity;
  readonly signal?: AbortSignal;
}

interface NativeLargestComponent {
  largestComponent(
    options: { mask: NativeTensor; label?: number; connectivity: number } & JobArguments,
  ): Promise<number>;
}

/**
 * Keeps the largest connected component of a mask and sets the label's other voxels to 0. Of components
 * of one size, the one whose first voxel comes first in C order of the tensor as given stays. A mask
 * without the label stays as it is: 0 voxels. After a cancellation the mask may be half done.
 *
 * @example
 * const { voxels } = await largestComponent({ mask, connectivity: 6 });
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function largestComponent(
  options: LargestComponentOptions,
): Promise<{ voxels: number }> {
  const { mask, label, connectivity, signal } = options;
  const got = `${mask.dtype} [${mask.shape.join(', ')}]`;
  check(mask.dtype === 'uint8' && mask.shape.length === 3, 'mask', got, 'uint8, 3 axes');
  check(elementCount(mask.shape) < 2 ** 32, 'mask', got, 'less than 2^32 voxels');
  const isLabel = label === undefined || (Number.isInteger(label) && label >= 1 && label <= 255);
  check(isLabel, 'label', label, 'a whole number from 1 to 255');
  check([6, 18, 26].includes(connectivity), 'connectivity', connectivity, '6, 18 or 26');
  const voxels = await runJob(signal, (job) =>
    native<NativeLargestComponent>().largestComponent({
      mask: nativeTensor(mask),
      ...(label === undefined ? {} : { label }),
      connectivity,
      ...job,
    }),
  );
  return { voxels };
}
