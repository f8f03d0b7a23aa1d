import { SextantError } from '#errors';
import { pointwise, statistics, Tensor } from '#kernels';
import { isScalar, type Scale, type Volume, type Warning } from '#volume';

/** A volume that annotation takes: 3D, one finite number a voxel, not all the same. */
export interface PreparedVolume extends Volume {
  readonly prepared: true;
}

/**
 * Checks a decoded volume once, before the first click on it. NaN becomes the lowest finite value
 * in the volume's own voxels, with a warning. Takes the volume over: on an error it is disposed, else
 * whoever has the result disposes that.
 *
 * @throws SextantError VOLUME_NOT_SCALAR, FRAME_REQUIRED, VOLUME_CONSTANT, CANCELLED
 */
export async function prepareVolume(
  volume: Volume,
  { signal }: { signal?: AbortSignal } = {},
): Promise<PreparedVolume> {
  try {
    assertScalar(volume);
    assertThreeDimensions(volume);
    return { ...(await finiteVolume(volume, signal)), prepared: true };
  } catch (error) {
    volume.dispose();
    throw error;
  }
}

/** The volume itself when every voxel is finite, else one with what had to be done for it. */
async function finiteVolume(volume: Volume, signal: AbortSignal | undefined): Promise<Volume> {
  const { grid, placement, scale, frames, voxels } = volume;
  const cancel = signal === undefined ? {} : { signal };
  const found = await statistics({ input: voxels, ...cancel });
  // Without one finite voxel both are NaN.
  if (!(found.min < found.max)) throw constant(found.min);
  const { nanCount, infCount } = found;
  if (nanCount + infCount === 0) return { ...volume, dispose: () => volume.dispose() };
  const warnings = [...volume.warnings, notFinite(nanCount, infCount)];
  // float64 becomes float32, which is what the network sees anyway.
  const inPlace = voxels.dtype === 'float32';
  const output = inPlace ? voxels : Tensor.empty('float32', voxels.shape, { order: 'F' });
  const dispose = () => output.dispose();
  try {
    const map = { kind: 'finite', ...replacements(found, scale) } as const;
    await pointwise({ input: voxels, output, map, ...cancel });
  } catch (error) {
    dispose();
    throw error;
  }
  if (!inPlace) volume.dispose();
  return { grid, placement, dtype: 'float32', voxels: output, scale, frames, warnings, dispose };
}

function assertScalar({ dtype }: Volume): void {
  if (isScalar(dtype)) return;
  throw new SextantError('VOLUME_NOT_SCALAR', {
    subject: 'volume',
    got: `voxels of type ${dtype}`,
    expected: 'one number a voxel',
    remedy: 'convert the image to grey values first',
  });
}

function assertThreeDimensions({ frames }: Volume): void {
  if (frames === 1) return;
  throw new SextantError('FRAME_REQUIRED', {
    subject: 'frame',
    got: `a volume of ${frames} frames and no choice among them`,
    expected: `a frame from 0 to ${frames - 1}`,
    remedy: 'say which frame is meant',
  });
}

function constant(value: number): SextantError {
  return new SextantError('VOLUME_CONSTANT', {
    subject: 'volume',
    got: Number.isFinite(value) ? 'the same value in every voxel' : 'no finite value',
    expected: 'an image with contrast',
    remedy: 'check that this is the image that was meant',
  });
}

/** Stored values for NaN and -inf (`low`) and +inf (`high`); a negative slope turns them round. */
function replacements({ min, max }: { min: number; max: number }, { slope }: Scale) {
  return slope < 0 ? { low: max, high: min } : { low: min, high: max };
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
