import { SextantError } from '#errors';
import type { Box } from '#geometry';
import { pointwise, runLengths, Tensor } from '#kernels';
import { settleField } from '../change-voxels.ts';
import type { RunContext } from '../declaration.ts';
import { shapeOf } from '../field.ts';
import { drawsOf } from '../random-draws.ts';
import { VoxelRuns } from './voxel-runs.ts';

/** The voxels of a label that are not background. */
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
 * @throws SextantError LABEL_EMPTY
 */
export async function foregroundOfOne(name: string, context: RunContext): Promise<Foreground> {
  const field = await settleField(name, context);
  const cancel = context.signal === undefined ? {} : { signal: context.signal };
  using input = field.storage.select(0, 0);
  using labels = Tensor.empty('uint8', shapeOf(field));
  const asTheyAre = Array.from({ length: 256 }, (_, label) => label);
  await pointwise({ input, output: labels, map: { kind: 'lookup', table: asTheyAre }, ...cancel });
  using backwards = labels.permute([2, 1, 0]);
  const [nz = 0, ny = 0, nx = 0] = backwards.shape;
  const grid = { boxLow: [0, 0, 0] as const, shape: [nz, ny, nx] as const };
  const pairs = await runLengths({ mask: backwards, ...grid, ...cancel });
  const there = new Set(pairs.filter((value, n) => n % 2 === 0 && value !== 0));
  if (there.size === 0) throw labelEmpty(name);
  const chosen = [...there].toSorted((a, b) => a - b)[drawsOf(context).below(there.size)];
  const table = asTheyAre.map((label) => (label === chosen ? 1 : 0));
  return await foregroundBy({ kind: 'lookup', table }, labels, context);
}

/** What of a label is 0.5 or more: labels are whole numbers, and 0 is the background. */
export async function maskOf(name: string, context: RunContext): Promise<Foreground> {
  const field = await settleField(name, context);
  using input = field.storage.select(0, 0);
  return await foregroundBy({ kind: 'threshold', atLeast: 0.5 }, input, context);
}

async function foregroundBy(
  map: Parameters<typeof pointwise>[0]['map'],
  input: Tensor,
  { signal }: RunContext,
): Promise<Foreground> {
  const mask = Tensor.empty('uint8', input.shape);
  try {
    await pointwise({ input, output: mask, map, ...(signal && { signal }) });
    const runs = await VoxelRuns.of(mask, signal);
    return { mask, runs, box: runs.box };
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
