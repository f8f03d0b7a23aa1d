import { type Dtype, Tensor } from '#kernels';
import type { RunContext } from './declaration.ts';
import type { Field } from './field.ts';
import { filled } from './filled.ts';
import { fillVoxel, type PendingRegrid, settle } from './regrid.ts';

/** Reads the voxels of `input` and writes those of `output`: the same tensor when it is done in place. */
export type VoxelChange = (input: Tensor, output: Tensor) => Promise<void>;

export interface ChangeOptions {
  /** What the change writes. Default float32. */
  readonly dtype?: Dtype;
  /**
   * Each voxel's new value depends on its old one alone, and in every channel alike, so that in a
   * chain with `"fuse": true` it may come before an interpolation as well as after it. Default false.
   */
  readonly pointwise?: boolean;
}

/**
 * Gives a field new values: `change` sees the channels in use one after the other, each [x, y, z].
 * They are written in place where the memory is the field's own and of the right type, else into
 * new memory, so that a field which shares memory with another never changes it.
 */
export async function changeChannels(
  name: string,
  context: RunContext,
  change: VoxelChange,
  options: ChangeOptions = {},
): Promise<void> {
  await changeArray(name, context, options, async (input, output, channels) => {
    for (let channel = 0; channel < channels; channel++) {
      using from = input.select(0, channel);
      using to = input === output ? undefined : output.select(0, channel);
      await change(from, to ?? from);
    }
  });
}

/** The same with all channels in use at once, [C, x, y, z]. */
export async function changeVoxels(
  name: string,
  context: RunContext,
  change: VoxelChange,
  options: ChangeOptions = {},
): Promise<void> {
  await changeArray(name, context, options, async (input, output, channels) => {
    using from = input.slice(0, 0, channels);
    using to = input === output ? undefined : output.slice(0, 0, channels);
    await change(from, to ?? from);
  });
}

async function changeArray(
  name: string,
  context: RunContext,
  { dtype = 'float32', pointwise = false }: ChangeOptions,
  change: (input: Tensor, output: Tensor, channels: number) => Promise<void>,
): Promise<void> {
  const { fields } = context;
  if (!pointwise) await settleField(name, context);
  const field = fields.array(name);
  const { storage, channels } = field;
  // Before the voxels: they say of what type the fill would have been.
  const pending = field.pending && (await withFill(field, field.pending, dtype, change));
  if (storage.dtype === dtype && !field.isShared) {
    await change(storage, storage, channels);
    return fields.set(name, { ...field, pending });
  }
  const room = Math.max(channels, context.capacity?.get(name) ?? 0);
  const changed = await filled(emptyLike(field, dtype, room), (output) =>
    change(storage, output, channels),
  );
  fields.set(name, { ...field, pending, storage: changed, isShared: false });
}

/** What lies beyond the image is changed like the image: it would have been, had it been there. */
async function withFill(
  field: Field,
  pending: PendingRegrid,
  dtype: Dtype,
  change: (input: Tensor, output: Tensor, channels: number) => Promise<void>,
): Promise<PendingRegrid> {
  using before = await fillVoxel(field, pending);
  using after = Tensor.empty(dtype, before.shape);
  await change(before, after, 1);
  return { ...pending, fill: Number(after.toArray()[0]) };
}

/** Whatever grid a field waits to be read on, its voxels are on it afterwards. */
export async function settleField(name: string, context: RunContext): Promise<Field> {
  const { fields, capacity, signal } = context;
  const field = fields.array(name);
  if (field.pending === undefined) return field;
  const settled = await settle(field, { capacity: capacity?.get(name), signal });
  fields.set(name, settled);
  return settled;
}

/** New memory in the order of the field's own, so that both are walked in a line. */
function emptyLike({ storage }: Field, dtype: Dtype, channels: number): Tensor {
  const [, ...space] = storage.shape;
  const [, x = 0, , z = 0] = storage.strides.map(Math.abs);
  if (x > z) return Tensor.empty(dtype, [channels, ...space]);
  using backwards = Tensor.empty(dtype, [channels, ...space.toReversed()]);
  return backwards.permute([0, 3, 2, 1]);
}
