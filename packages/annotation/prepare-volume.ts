import { SextantError } from '#errors';
import { statistics } from '#kernels';
import { finiteVoxels } from '#transforms';
import { isScalar, type Volume } from '#volume';

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
  const found = await statistics({ input: voxels, ...(signal && { signal }) });
  // Without one finite voxel both are NaN.
  if (!(found.min < found.max)) throw constant(found.min);
  const { voxels: output, warnings: more } = await finiteVoxels(voxels, found, {
    slope: scale.slope,
    signal,
  });
  if (more.length === 0) return { ...volume, dispose: () => volume.dispose() };
  if (output !== voxels) volume.dispose();
  const warnings = [...volume.warnings, ...more];
  const dispose = () => output.dispose();
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
