import { type ClosestRas, closestRas, type Grid, perAxis, type Vec3 } from '#geometry';
import { resample, runLengths, Tensor } from '#kernels';
import type { Scale } from '#volume';
import { planesThrough } from './centre.ts';
import { type Plane, pictureSize, pixelMm, pixelToIndex } from './plane.ts';
import { SHEET } from './sheet.ts';

/** What is shown. Tensors stay the caller's. */
export interface SceneInput {
  /** The image's grid, in the file's axis order; so is everything else here. */
  readonly grid: Grid;
  /** The image's stored values: 3D, the grid's shape, any scalar type. */
  readonly voxels: Tensor;
  readonly scale?: Scale;
  /** The mask, or the box of it that is not background: 3D, uint8. */
  readonly mask: Tensor;
  /** The grid index of the mask's first voxel. */
  readonly maskLow: Vec3;
  /** Voxel indices. */
  readonly points: readonly Vec3[];
  readonly signal?: AbortSignal | undefined;
}

/** The input seen along the closest-RAS view's axes. */
export interface Scene extends Disposable {
  readonly grid: Grid;
  readonly voxels: Tensor;
  readonly scale: Scale;
  readonly mask: Tensor;
  readonly maskLow: Vec3;
  readonly points: readonly Vec3[];
  /** The voxel that the planes go through. */
  readonly centre: Vec3;
  readonly mmPerPixel: number;
  readonly signal: AbortSignal | undefined;
}

/** One plane, cut out of a scene. */
export interface Picture {
  readonly plane: Plane;
  readonly size: readonly [width: number, height: number];
  /** Both column by column: x times the height, plus y. */
  readonly grey: Float32Array;
  readonly labels: Float32Array;
}

export async function openScene(input: SceneInput): Promise<Scene> {
  const { grid, points, scale, signal } = input;
  const view = closestRas(grid);
  using mask = turned(input.mask, view);
  const size = perAxis((axis) => mask.shape[axis] ?? 1);
  const maskLow = perAxis((axis) => {
    const low = input.maskLow[view.order[axis]];
    return view.flip[axis] ? view.grid.shape[axis] - low - size[axis] : low;
  });
  // Run lengths are few, where a copy of the mask would be as large as the grid.
  const cancel = signal === undefined ? {} : { signal };
  const pairs = await runLengths({ mask, boxLow: [0, 0, 0], shape: size, ...cancel });
  const inMask = planesThrough(pairs, size);
  const voxels = turned(input.voxels, view);
  const shown = turned(input.mask, view);
  return {
    grid: view.grid,
    voxels,
    scale: scale ?? { slope: 1, intercept: 0 },
    mask: shown,
    maskLow,
    points: points.map(view.toViewIndex),
    centre: perAxis((axis) => inMask[axis] + maskLow[axis]),
    mmPerPixel: pixelMm(view.grid, SHEET.side),
    signal,
    [Symbol.dispose]() {
      voxels.dispose();
      shown.dispose();
    },
  };
}

/** Cuts a plane out of image (linearly) and mask (nearest voxel), at the picture's pixels. */
export async function takePicture(plane: Plane, scene: Scene): Promise<Picture> {
  const { grid, centre, maskLow, scale, signal } = scene;
  const size = pictureSize(plane, grid, scene.mmPerPixel);
  const at = centre[plane.through];
  const cancel = signal === undefined ? {} : { signal };
  const take = async (input: Tensor, low: Vec3, how: Partial<Parameters<typeof resample>[0]>) => {
    using output = Tensor.empty('float32', [...size, 1]);
    const outputToInput = pixelToIndex(plane, grid.shape, size, { at, low });
    await resample({ ...how, input, output, outputToInput, ...cancel });
    return output.toArray() as Float32Array;
  };
  const [grey, labels] = await Promise.all([
    take(scene.voxels, [0, 0, 0], { interpolation: 'linear', scale }),
    take(scene.mask, maskLow, { interpolation: 'nearest' }),
  ]);
  return { plane, size, grey, labels };
}

function turned(tensor: Tensor, { order, flip }: ClosestRas): Tensor {
  using permuted = tensor.permute(order);
  return permuted.flip([0, 1, 2].filter((axis) => flip[axis]));
}
