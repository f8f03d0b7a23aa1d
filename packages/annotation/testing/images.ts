import type { Grid } from '#geometry';
import { readNifti } from '#volume/nifti';
import { type PreparedVolume, prepareVolume } from '../prepare-volume.ts';

/** Whole-number labels of a grid in the file's axis order, C order: the third axis fastest. */
export interface LabelMap {
  readonly grid: Grid;
  readonly values: ArrayLike<number>;
}

export async function readImage(path: string): Promise<PreparedVolume> {
  return prepareVolume(await readNifti({ path }));
}

export async function readLabels(path: string): Promise<LabelMap> {
  const volume = await readNifti({ path });
  const { grid, voxels, scale } = volume;
  const stored: ArrayLike<number | bigint> = voxels.toArray();
  const measured = (value: number | bigint) => Number(value) * scale.slope + scale.intercept;
  const values = Float64Array.from(stored as ArrayLike<number>, measured);
  volume.dispose();
  return { grid, values };
}
