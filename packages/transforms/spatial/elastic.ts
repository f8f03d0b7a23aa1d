import { type IndexMap, perAxis, type Vec3 } from '#geometry';
import { Tensor, warp } from '#kernels';
import { type Field, fieldOf } from '../field.ts';
import { placeAfter } from '../place.ts';
import type { RandomDraws } from '../random-draws.ts';
import { settle } from '../regrid.ts';

/** Control points of a free-form deformation, float32 [3, a, b, c]; the caller disposes them. */
export type ControlPoints = Tensor;

/** `count` control points along each axis, each moved by up to `reach` voxels along each axis. */
export function drawnControlPoints(count: Vec3, reach: Vec3, draws: RandomDraws): ControlPoints {
  const each = count[0] * count[1] * count[2];
  const moved = perAxis((axis) =>
    Array.from({ length: each }, () => draws.uniform(-reach[axis], reach[axis])),
  );
  return Tensor.fromArray('float32', [3, ...count], moved.flat());
}

export interface Deformation {
  readonly size: Vec3;
  /** Index of the new grid, after it was displaced -> index of the field's. */
  readonly toInput: IndexMap;
  /** Coefficients of a cubic B-spline over the new grid. */
  readonly points: ControlPoints;
}

/**
 * A field on a deformed grid: grey values linearly (then float32), labels by the nearest voxel, 0 beyond
 * the image's outer faces. No affine map leads back from it. The result has memory of its own.
 */
export async function deformed(
  given: Field,
  { size, toInput, points }: Deformation,
  { capacity, signal }: { capacity?: number | undefined; signal?: AbortSignal | undefined },
): Promise<Field> {
  const field = await settle(given, { signal });
  const { channels, isLabel } = field;
  const dtype = isLabel ? field.storage.dtype : 'float32';
  const storage = Tensor.empty(dtype, [Math.max(channels, capacity ?? 0), ...size]);
  try {
    for (let channel = 0; channel < channels; channel++) {
      using input = field.storage.select(0, channel);
      using output = storage.select(0, channel);
      const interpolation = isLabel ? ('nearest' as const) : ('linear' as const);
      const how = { displacement: points, spline: 'cubic' as const, outputToInput: toInput };
      await warp({ input, output, ...how, interpolation, ...(signal && { signal }) });
    }
    const moved = field.place && placeAfter(field.place, toInput);
    const place = moved && { ...moved, isDeformed: true };
    return fieldOf(storage, { ...field, place, isShared: false });
  } catch (error) {
    storage.dispose();
    throw error;
  } finally {
    field.storage.dispose();
  }
}
