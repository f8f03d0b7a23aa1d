import { affineOfColumns, columnOf, originOf, perAxis, scaled } from '#geometry';
import { move, resample, Tensor } from '#kernels';
import type { Volume } from '#volume';
import { eachPart, type Part, shapeOver } from './planes.ts';
import { assertResultWithin, type ResampledOptions } from './resampled.ts';

/** A place that is this part of a step beside a slice is on it. */
const SLACK = 1e-4;

/**
 * Brings slices at uneven distances to the smallest distance of two neighbours, from the first to the last:
 * linearly between neighbours, labels from the nearer one. The last place is the one nearest to the last
 * slice, whose values hold for half a step beyond it, as at every border. The affine's third column has the
 * direction of the step.
 *
 * @param positionsMm of each slice along the step, from the first, rising
 */
export async function evenSlices(
  volume: Volume,
  positionsMm: readonly number[],
  { label, signal, reserve, volumeLimitBytes }: ResampledOptions,
): Promise<Volume & Disposable> {
  const { grid, voxels } = volume;
  const stepMm = smallestStep(positionsMm);
  const places = positionsMm.map((position) => position / stepMm);
  const count = Math.floor((places.at(-1) as number) + 0.5 + SLACK) + 1;
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
        const at = between(places, slice);
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

function smallestStep(positionsMm: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 1; n < positionsMm.length; n++) {
    least = Math.min(least, (positionsMm[n] as number) - (positionsMm[n - 1] as number));
  }
  return least;
}

/** The slice below a place, and how much of the one above; all in steps. */
function between(slices: readonly number[], place: number): { low: number; weight: number } {
  const above = slices.findIndex((slice) => slice > place + SLACK);
  if (above === -1) return { low: slices.length - 1, weight: 0 };
  const [a, b] = [slices[above - 1] as number, slices[above] as number];
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
