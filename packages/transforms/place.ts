import {
  type Affine,
  composeMaps,
  type Grid,
  type IndexMap,
  identityMap,
  type Vec3,
} from '#geometry';
import type { Placement } from '#volume';

/**
 * Where a field's voxels lie in the image that it came from. Spatial transforms keep it up, so that
 * points can be told on any grid of the chain, results be written with the right affine, and
 * Invert find the way back in one step.
 */
export interface Place {
  /** The image as its file has it. */
  readonly origin: Grid;
  readonly placement?: Placement | undefined;
  /** Index of a voxel of the field -> index in the file's image. */
  readonly toOrigin: IndexMap;
  /** The voxels were moved by more than `toOrigin` says: no affine map leads back. */
  readonly isDeformed?: boolean;
}

/** The place of a field that is the whole image, in the file's own order. */
export function wholeImage(origin: Grid, placement?: Placement): Place {
  return { origin, placement, toOrigin: identityMap };
}

/** The place after the field was read at `toInput`: index of the new grid -> index of the one before. */
export function placeAfter(place: Place, toInput: IndexMap): Place {
  return { ...place, toOrigin: composeMaps(place.toOrigin, toInput) };
}

/** Index of a voxel of the field -> RAS millimetres. */
export function affineOf({ origin, toOrigin }: Place): Affine {
  return [...composeMaps(origin.affine, toOrigin), 0, 0, 0, 1];
}

export function gridOf(place: Place, shape: Vec3): Grid {
  return { shape, affine: affineOf(place) };
}
