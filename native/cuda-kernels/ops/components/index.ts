import { check } from '../../lib/check.ts';
import { type JobArguments, runJob } from '../../lib/job.ts';
import { type NativeTensor, native } from '../../lib/native.ts';
import { checkApart, sameShape } from '../../lib/overlap.ts';
import { elementCount } from '../../lib/strides.ts';
import { nativeTensor, type Tensor } from '../../lib/tensor.ts';

/** Voxels touch by a face (6), also by an edge (18), also by a corner (26). */
export type Connectivity = 6 | 18 | 26;

interface ComponentsOptions {
  /** uint8, 3 axes, any strides. */
  readonly mask: Tensor;
  /** The value to look at, 1 to 255. Default: everything but 0. */
  readonly label?: number;
  readonly signal?: AbortSignal;
}

/** The mask is changed in place. */
export interface LargestComponentOptions extends ComponentsOptions {
  readonly connectivity: Connectivity;
}

export interface LabelComponentsOptions extends ComponentsOptions {
  /** int32 of the mask's shape, any strides. Must not share memory with the mask. */
  readonly labels: Tensor;
  readonly connectivity: Connectivity;
}

/** The mask is changed in place. */
export interface FillHolesOptions extends ComponentsOptions {
  /** Of the paths on which a hole could be left. Default 6: a shell that touches by corners is closed. */
  readonly connectivity?: Connectivity;
}

interface NativeArguments extends JobArguments {
  readonly mask: NativeTensor;
  readonly label?: number;
  readonly connectivity: number;
}

interface NativeComponents {
  largestComponent(options: NativeArguments): Promise<number>;
  labelComponents(options: NativeArguments & { labels: NativeTensor }): Promise<Float64Array>;
  fillHoles(options: NativeArguments): Promise<number>;
}

/**
 * Keeps the largest connected component of a mask and sets the label's other voxels to 0; voxels of other
 * values stay. Of components of one size, the one whose first voxel comes first in C order of the tensor as
 * given stays. A mask without the label stays as it is: 0 voxels. After a cancellation the mask may be half
 * done.
 *
 * @example
 * const { voxels } = await largestComponent({ mask, connectivity: 6 });
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function largestComponent(
  options: LargestComponentOptions,
): Promise<{ voxels: number }> {
  const given = checked(options, options.connectivity, 2 ** 32);
  const voxels = await runJob(options.signal, (job) =>
    native<NativeComponents>().largestComponent({ ...given, ...job }),
  );
  return { voxels };
}

/**
 * Numbers the connected components of a mask from 1 on: the largest first, those of one size by their first
 * voxel in C order of the tensor as given. Writes 0 where the mask has not the label. Element n of
 * `voxels` is the size of component n + 1; there are as many components as elements.
 *
 * @example
 * const { voxels } = await labelComponents({ mask, labels, connectivity: 26 });
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function labelComponents(
  options: LabelComponentsOptions,
): Promise<{ voxels: Float64Array }> {
  const { mask, labels, connectivity, signal } = options;
  const given = checked(options, connectivity, 2 ** 31);
  const got = `${labels.dtype} [${labels.shape.join(', ')}]`;
  const fits = labels.dtype === 'int32' && sameShape(labels, mask);
  check(fits, 'labels', got, `int32 [${mask.shape.join(', ')}]`);
  checkApart(mask, labels);
  const voxels = await runJob(signal, (job) =>
    native<NativeComponents>().labelComponents({ ...given, labels: nativeTensor(labels), ...job }),
  );
  return { voxels };
}

/**
 * Sets to the label (1 where none is given) the voxels of 0 that are enclosed by it: from which no path of
 * voxels without the label leads to an outer face of the tensor. What
 * `scipy.ndimage.binary_fill_holes` gives of a mask of 0 and 1. Voxels of other labels stay, inside too.
 * After a cancellation the mask may be half done.
 *
 * @example
 * const { voxels } = await fillHoles({ mask }); // how many were filled
 * @throws SextantError ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function fillHoles(options: FillHolesOptions): Promise<{ voxels: number }> {
  const given = checked(options, options.connectivity ?? 6, 2 ** 32);
  const voxels = await runJob(options.signal, (job) =>
    native<NativeComponents>().fillHoles({ ...given, ...job }),
  );
  return { voxels };
}

function checked({ mask, label }: ComponentsOptions, connectivity: number, most: number) {
  const got = `${mask.dtype} [${mask.shape.join(', ')}]`;
  check(mask.dtype === 'uint8' && mask.shape.length === 3, 'mask', got, 'uint8, 3 axes');
  check(elementCount(mask.shape) < most, 'mask', got, `less than ${most} voxels`);
  const isLabel = label === undefined || (Number.isInteger(label) && label >= 1 && label <= 255);
  check(isLabel, 'label', label, 'a whole number from 1 to 255');
  check([6, 18, 26].includes(connectivity), 'connectivity', connectivity, '6, 18 or 26');
  return { mask: nativeTensor(mask), ...(label === undefined ? {} : { label }), connectivity };
}
