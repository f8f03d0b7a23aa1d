import { affineOfColumns, columnOf, originOf, perAxis, scaled } from '#geometry';
import { move, resample, Tensor } from '#kernels';
import type { Volume } from '#volume';
import { eachPart, type Part, shapeOver } from './planes.ts';
import { assertResultWithin, type ResampledOptions } from './resampled.ts';

/** Beyond the last slice by this part of a step, the last place is still reached. */
const SLACK = 1e-4;

/**
 * Brings slices at uneven distances to the smallest distance of two neighbours, from the first to the last:
 * linearly between neighbours, labels from the nearer one. The affine's third column has the direction of
 * the step; the field's ends stay.
 *
 * @param positionsMm of each slice along the step, from the first, rising
 */
export async function evenSlices(
  volume: Volume,
  positionsMm: readonly number[],
  { label, signal, reserve, volumeLimitBytes }: ResampledOptions,
): Promise<Volume & Disposable> {
  const { grid, voxels } = volume;
  const stepMm = Math.min(...positionsMm.slice(1).map((at, n) => at - (positionsMm[n] as number)));
  const count = Math.floor((positionsMm.at(-1) as number) / stepMm + SLACK) + 1;
  const { shape } = grid;
  const bytes = (voxels.byteLength / shape[2]) * count;
  assertResultWithin({ shape: [shape[0], shape[1], count], bytes }, volumeLimitBytes);
  reserve?.(bytes);
  const output = Tensor.empty(voxels.dtype, shapeOver(volume, [shape[0], shape[1], count]), {
    order: 'F',
  });
  try {
    await eachPart(volume, output, async (part) => {
      for (let slice = 0; slice < count; slice++) {
        const at = between(positionsMm, slice * stepMm);
        const place = label ? { low: at.low + Math.round(at.weight), weight: 0 } : at;
        await writeSlice({ ...part, slice, ...place, signal });
      }
    });
  } catch (error) {
    output.dispose();
    throw error;
  }
  const third = columnOf(grid.affine, 2);
  const columns = [
    columnOf(grid.affine, 0),
    columnOf(grid.affine, 1),
    scaled(third, stepMm / Math.hypot(...third)),
  ] as const;
  const affine = affineOfColumns([...columns], originOf(grid.affine));
  const sides = perAxis((side) => (side === 2 ? count : grid.shape[side]));
  const dispose = () => output.dispose();
  return {
    ...volume,
    grid: { shape: sides, affine },
    voxels: output,
    dispose,
    [Symbol.dispose]: dispose,
  };
}

/** The slice below a place, and how much of the one above. */
function between(positionsMm: readonly number[], place: number): { low: number; weight: number } {
  const above = positionsMm.findIndex((position) => position > place + SLACK);
  if (above === -1) return { low: positionsMm.length - 1, weight: 0 };
  const [a, b] = [positionsMm[above - 1] as number, positionsMm[above] as number];
  const weight = Math.max(0, (place - a) / (b - a));
  return weight < SLACK ? { low: above - 1, weight: 0 } : { low: above - 1, weight };
}

interface Write extends Part {
  readonly slice: number;
  readonly low: number;
  readonly weight: number;
  readonly signal?: AbortSignal | undefined;
}

async function writeSlice({ from, to, slice, low, weight, signal }: Write): Promise<void> {
  const stop = signal === undefined ? {} : { signal };
  const input = from.slice(2, low, low + (weight === 0 ? 1 : 2));
  const output = to.slice(2, slice, slice + 1);
  try {
    if (weight === 0) {
      await move({ input, output, ...stop });
      return;
    }
    const outputToInput = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, weight];
    await resample({ input, output, outputToInput, ...stop });
  } finally {
    input.dispose();
    output.dispose();
  }
}
