import { SextantError } from '#errors';
import { closestRas, type IndexMap, perAxis } from '#geometry';
import { pointwise, Tensor } from '#kernels';
import { isScalar, type Volume, type Warning } from '#volume';
import { readNifti } from '#volume/nifti';
import { filled } from '../filled.ts';
import { type Place, wholeImage } from '../place.ts';
import { finiteImage } from './finite-voxels.ts';

export interface ReadImage {
  /** [C, x, y, z]: the axes nearest to R, A, S; frames of a 4D file are channels. */
  readonly storage: Tensor;
  readonly place: Place;
  /** What its user should know of the file, and of voxels that were no numbers. */
  readonly warnings: readonly Warning[];
}

/**
 * Reads a NIfTI file as chains see images: turned by strides to the closest RAS orientation, values
 * scaled as the header says (then float32), otherwise in the type of the file. NaN counts as the lowest
 * finite value. The caller disposes `storage`.
 *
 * @throws SextantError as `readNifti`, VOLUME_NOT_SCALAR, VOLUME_CONSTANT where no voxel is finite
 */
export async function readImage(path: string, signal: AbortSignal | undefined): Promise<ReadImage> {
  using volume = await readNifti({ path }, { signal });
  if (!isScalar(volume.dtype)) {
    throw new SextantError('VOLUME_NOT_SCALAR', {
      subject: path,
      got: `voxels of type ${volume.dtype}`,
      expected: 'one number a voxel',
      remedy: 'convert the image to grey values first',
    });
  }
  const view = closestRas(volume.grid);
  const how = { slope: volume.scale.slope, signal };
  const { voxels, warnings } = await finiteImage(volume.voxels, path, how);
  using finite = voxels;
  using values = await scaledValues({ ...volume, voxels: finite }, signal);
  using turned = values.permute([0, ...view.order.map((stored) => stored + 1)]);
  const storage = turned.flip([1, 2, 3].filter((axis) => view.flip[axis - 1]));
  const start = view.toStoredIndex([0, 0, 0]);
  const steps = perAxis((axis) => {
    const one = view.toStoredIndex(perAxis((other) => (other === axis ? 1 : 0)));
    return perAxis((stored) => one[stored] - start[stored]);
  });
  const toFile: IndexMap = perAxis((stored) => [
    ...steps.map((step) => step[stored]),
    start[stored],
  ]).flat();
  return {
    storage,
    place: { ...wholeImage(volume.grid, volume.placement), toOrigin: toFile },
    warnings: [...volume.warnings, ...warnings],
  };
}

/** The frames as channels in front, [C, x, y, z] in the axis order of the file. */
async function scaledValues(volume: Volume, signal: AbortSignal | undefined): Promise<Tensor> {
  const { voxels, frames, scale, grid } = volume;
  using flat = voxels.reshape([...grid.shape, frames]);
  using stored = flat.permute([3, 0, 1, 2]);
  if (scale.slope === 1 && scale.intercept === 0) return stored.flip([]);
  using memory = Tensor.empty('float32', flat.shape, { order: 'F' });
  const map = { kind: 'scale', factor: scale.slope, offset: scale.intercept } as const;
  return await filled(memory.permute([3, 0, 1, 2]), (output) =>
    pointwise({ input: stored, output, map, ...(signal && { signal }) }),
  );
}
