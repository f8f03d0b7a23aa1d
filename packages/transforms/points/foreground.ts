import { SextantError } from '#errors';
import type { Box } from '#geometry';
import { argmax, move, type PointwiseMap, pointwise, Tensor } from '#kernels';
import { assertByteLabels, labelsIn } from '../byte-labels.ts';
import { settleField } from '../change-voxels.ts';
import type { RunContext } from '../declaration.ts';
import { type Field, shapeOf } from '../field.ts';
import { drawsOf } from '../random-draws.ts';
import { VoxelRuns } from './voxel-runs.ts';

/** The voxels of a label that are not background, in any of its channels. */
export interface Foreground {
  /** uint8 [x, y, z], 1 in the foreground; the caller disposes it. */
  readonly mask: Tensor;
  readonly runs: VoxelRuns;
  /** The smallest box of all of them; all 0 where there is none. */
  readonly box: Box;
}

/**
 * The foreground of a label that has to have one.
 * @throws SextantError LABEL_EMPTY
 */
export async function foregroundOf(name: string, context: RunContext): Promise<Foreground> {
  const found = await maskOf(name, context);
  if (found.runs.count > 0) return found;
  found.mask.dispose();
  throw labelEmpty(name);
}

/**
 * The foreground of one of the labels 1 to 255 that are there, drawn at random.
 * @throws SextantError LABEL_EMPTY, ARGUMENT_INVALID where labels are beyond those
 */
export async function foregroundOfOne(name: string, context: RunContext): Promise<Foreground> {
  const field = await settleField(name, context);
  const there = new Set<number>();
  for (let channel = 0; channel < field.channels; channel++) {
    using input = field.storage.select(0, channel);
    for (const label of await labelsOf(name, input, context)) there.add(label);
  }
  if (there.size === 0) throw labelEmpty(name);
  const chosen = [...there].toSorted((a, b) => a - b)[drawsOf(context).below(there.size)];
  const table = Array.from({ length: 256 }, (_, label) => (label === chosen ? 1 : 0));
  return await foregroundBy({ kind: 'lookup', table }, field, context);
}

/** The labels 1 to 255 that a channel [x, y, z] holds. */
async function labelsOf(
  name: string,
  input: Tensor,
  { signal }: RunContext,
): Promise<readonly number[]> {
  await assertByteLabels(name, input, signal);
  using labels = Tensor.empty('uint8', input.shape);
  const table = Array.from({ length: 256 }, (_, label) => label);
  await pointwise({
    input,
    output: labels,
    map: { kind: 'lookup', table },
    ...(signal && { signal }),
  });
  return await labelsIn(labels, signal);
}

/** What of a label is 0.5 or more: labels are whole numbers, and 0 is the background. */
export async function maskOf(name: string, context: RunContext): Promise<Foreground> {
  const field = await settleField(name, context);
  return await foregroundBy({ kind: 'threshold', atLeast: 0.5 }, field, context);
}

/** Where `map` gives 1 in any channel. */
async function foregroundBy(
  map: PointwiseMap,
  field: Field,
  { signal }: RunContext,
): Promise<Foreground> {
  const mask = Tensor.empty('uint8', shapeOf(field));
  try {
    if (field.channels === 1) {
      using input = field.storage.select(0, 0);
      await pointwise({ input, output: mask, map, ...(signal && { signal }) });
    } else await markAny(map, field, mask, signal);
    const runs = await VoxelRuns.of(mask, signal);
    return { mask, runs, box: runs.box };
  } catch (error) {
    mask.dispose();
    throw error;
  }
}

/** Behind a channel of zeros, a channel that has a 1 is the highest one. */
async function markAny(
  map: PointwiseMap,
  { storage, channels }: Field,
  mask: Tensor,
  signal: AbortSignal | undefined,
): Promise<void> {
  const cancel = signal === undefined ? {} : { signal };
  using used = storage.slice(0, 0, channels);
  using marks = Tensor.empty('uint8', used.shape);
  await pointwise({ input: used, output: marks, map, ...cancel });
  using behindZeros = Tensor.empty('float32', [1 + channels, ...mask.shape]);
  using behind = behindZeros.slice(0, 1, 1 + channels);
  await move({ input: marks, output: behind, ...cancel });
  await argmax({ input: behindZeros, output: mask, ...cancel });
  const table = Array.from({ length: 256 }, (_, channel) => (channel === 0 ? 0 : 1));
  await pointwise({ input: mask, output: mask, map: { kind: 'lookup', table }, ...cancel });
}

function labelEmpty(name: string): SextantError {
  return new SextantError('LABEL_EMPTY', {
    subject: name,
    got: 'no voxel of the foreground',
    expected: 'a label with at least one voxel above 0',
    remedy: 'leave the item out, or put transforms that may cut the structure off behind this one',
  });
}
