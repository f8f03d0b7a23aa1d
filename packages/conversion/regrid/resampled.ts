import { SextantError } from '#errors';
import { type Affine, type Grid, invertAffine } from '#geometry';
import { resample, statistics, Tensor } from '#kernels';
import type { Volume } from '#volume';
import { eachPart, type Part, shapeOver } from './planes.ts';

export interface ResampledOptions {
  readonly label: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly reserve?: ((bytes: number) => void) | undefined;
  /** The most bytes that the result may take. */
  readonly volumeLimitBytes?: number | undefined;
}

/** Throws VOLUME_TOO_LARGE, before memory is taken, for a result that would not be within the limit. */
export function assertResultWithin(
  result: { readonly shape: readonly number[]; readonly bytes: number },
  limitBytes: number | undefined,
): void {
  if (limitBytes === undefined || result.bytes <= limitBytes) return;
  throw new SextantError('VOLUME_TOO_LARGE', {
    subject: 'resampled volume',
    got: `${result.shape.join(' x ')} voxels, ${result.bytes} bytes`,
    expected: `at most ${limitBytes} bytes`,
    remedy: 'ask for larger voxels with -r, or raise --volume-limit',
  });
}

/**
 * A volume on another grid, linearly or, for labels, by the nearest voxel; the voxel type stays. Beyond
 * the image its lowest value stands, of labels 0.
 */
export async function resampled(
  volume: Volume,
  target: Grid,
  { label, signal, reserve, volumeLimitBytes }: ResampledOptions,
): Promise<Volume & Disposable> {
  const { voxels } = volume;
  const shape = shapeOver(volume, target.shape);
  const bytes = count(shape) * (voxels.byteLength / count(voxels.shape));
  assertResultWithin({ shape: target.shape, bytes }, volumeLimitBytes);
  reserve?.(bytes);
  const output = Tensor.empty(voxels.dtype, shape, { order: 'F' });
  try {
    const map = outputToInput(volume.grid.affine, target.affine);
    const fill = label ? 0 : await lowest(voxels, signal);
    await eachPart(volume, output, async (part) => {
      await resampleInto({ ...part, map, label, fill, signal });
    });
  } catch (error) {
    output.dispose();
    throw error;
  }
  const dispose = () => output.dispose();
  const { placement: _, ...rest } = volume;
  return { ...rest, grid: target, voxels: output, dispose, [Symbol.dispose]: dispose };
}

interface Resampling extends Part {
  readonly map: readonly number[];
  readonly label: boolean;
  readonly fill: number;
  readonly signal?: AbortSignal | undefined;
}

async function resampleInto({ from, to, map, label, fill, signal }: Resampling): Promise<void> {
  await resample({
    input: from,
    output: to,
    outputToInput: map,
    interpolation: label ? 'nearest' : 'linear',
    fill,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** 3x4, row by row: output index -> millimetres -> input index. */
function outputToInput(input: Affine, output: Affine): number[] {
  const back = invertAffine(input);
  const at = (m: Affine, row: number, column: number) => m[4 * row + column] as number;
  return [0, 1, 2].flatMap((row) =>
    [0, 1, 2, 3].map((column) =>
      [0, 1, 2, 3].reduce((sum, n) => sum + at(back, row, n) * at(output, n, column), 0),
    ),
  );
}

const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

async function lowest(input: Tensor, signal: AbortSignal | undefined): Promise<number> {
  const { min } = await statistics({ input, ...(signal === undefined ? {} : { signal }) });
  return Number.isFinite(min) ? min : 0;
}
