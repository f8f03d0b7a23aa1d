import { SextantError } from '#errors';
import { AXES, composeMaps, type IndexMap, perAxis, transformPoint, type Vec3 } from '#geometry';
import { type Dtype, move, resample, Tensor } from '#kernels';
import { exactTurn, isInside, turned } from './exact-turn.ts';
import { type Field, fieldOf, shapeOf } from './field.ts';
import { MOST_VOXELS } from './limits.ts';
import { placeAfter } from './place.ts';

/** A grid that a field is to be read on. */
export interface Regrid {
  readonly shape: Vec3;
  /** Index on that grid -> index on the field's grid before. */
  readonly toInput: IndexMap;
  /** Of voxels beyond the field's outer faces. Default 0. */
  readonly fill?: number;
}

export type Interpolation = 'linear' | 'nearest';

/** A regrid that has not been done yet, so that the next one may be joined to it. */
export interface PendingRegrid extends Regrid {
  readonly interpolation: Interpolation;
}

export interface RegridOptions {
  /** Default: nearest for labels, else linear. */
  readonly interpolation?: Interpolation | undefined;
  /** Channels that the result has room for, when it is new memory. Default: those in use. */
  readonly capacity?: number | undefined;
  /** Only note it, so that several become one interpolation. Default false. */
  readonly fuse?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A field on another grid. Crops, flips and turns give a view of the same memory; a crop that
 * reaches outside is copied once; everything else is interpolated, labels by the nearest voxel and
 * grey values linearly (then float32). The result is a new field with a storage of its own handle:
 * the caller puts it in place of the one before, or disposes it.
 */
export async function regridField(
  field: Field,
  regrid: Regrid,
  options: RegridOptions = {},
): Promise<Field> {
  assertPossible(regrid.shape, shapeOf(field));
  const interpolation = options.interpolation ?? (field.isLabel ? 'nearest' : 'linear');
  const place = field.place && placeAfter(field.place, regrid.toInput);
  const next: PendingRegrid = { ...regrid, interpolation };
  const joined = field.pending === undefined ? next : join(field.pending, next);
  if (joined === undefined) {
    const settled = await settle(field, options);
    try {
      return await regridField(settled, regrid, options);
    } finally {
      settled.storage.dispose();
    }
  }
  // A handle of its own: the one before is disposed when it is replaced.
  const waiting = { ...field, place, pending: joined, storage: field.storage.flip([]) };
  if (options.fuse) return waiting;
  try {
    return await settle(waiting, options);
  } finally {
    waiting.storage.dispose();
  }
}

/** An image may have more voxels than a chain may ask for: its own crops and turns are no larger. */
function assertPossible(shape: Vec3, before: Vec3): void {
  const voxelsOf = ([x, y, z]: Vec3) => x * y * z;
  if (voxelsOf(shape) <= Math.max(MOST_VOXELS, voxelsOf(before))) return;
  throw new SextantError('VOLUME_TOO_LARGE', {
    subject: 'the grid to read it on',
    got: `${shape.join(' x ')} voxels`,
    expected: `at most ${MOST_VOXELS} in all`,
    remedy: 'ask for larger voxels or a smaller zoom',
  });
}

/** Two regrids as one, where nothing that the first one cut off would be seen again. */
function join(first: PendingRegrid, then: PendingRegrid): PendingRegrid | undefined {
  if (first.interpolation !== then.interpolation || !staysInside(then, first.shape))
    return undefined;
  return { ...then, toInput: composeMaps(first.toInput, then.toInput), fill: first.fill ?? 0 };
}

function staysInside({ shape, toInput }: Regrid, inside: Vec3): boolean {
  return corners(shape).every((corner) => {
    const at = transformPoint(toInput, corner);
    return AXES.every((axis) => at[axis] >= -0.5 && at[axis] <= inside[axis] - 0.5);
  });
}

function corners(shape: Vec3): Vec3[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
    perAxis((axis) => ((bits >> axis) & 1) * Math.max(0, shape[axis] - 1)),
  );
}

/** The field with its pending regrid done, in a storage of its own handle. */
export async function settle(field: Field, options: RegridOptions = {}): Promise<Field> {
  const { pending } = field;
  if (pending === undefined) return { ...field, storage: field.storage.flip([]) };
  const done = { ...field, pending: undefined };
  const turn = exactTurn(pending.toInput);
  if (turn === undefined) return await interpolated(done, pending, options);
  if (isInside(turn, pending.shape, shapeOf(done))) {
    return { ...done, storage: turned(done.storage, turn, pending.shape) };
  }
  // Whole voxels amid the fill: read at their centres, the nearest are the very values.
  return await interpolated(done, { ...pending, interpolation: 'nearest' }, options);
}

/** A voxel [1, 1, 1, 1] of what lies beyond the field, of the type that it has once the regrid is done. */
export async function fillVoxel(field: Field, pending: PendingRegrid): Promise<Tensor> {
  const isExact = exactTurn(pending.toInput) !== undefined;
  using given = Tensor.fromArray('float64', [1, 1, 1, 1], [pending.fill ?? 0]);
  const voxel = Tensor.empty(
    dtypeAfter(field, isExact ? 'nearest' : pending.interpolation),
    [1, 1, 1, 1],
  );
  await move({ input: given, output: voxel });
  return voxel;
}

/** Between two whole numbers lie values that are none. */
function dtypeAfter({ storage }: Field, interpolation: Interpolation): Dtype {
  return interpolation === 'linear' ? 'float32' : storage.dtype;
}

async function interpolated(
  field: Field,
  { shape, toInput, fill = 0, interpolation }: PendingRegrid,
  options: RegridOptions,
): Promise<Field> {
  const { signal } = options;
  const storage = newStorage(field, shape, dtypeAfter(field, interpolation), options);
  try {
    for (let channel = 0; channel < field.channels; channel++) {
      using input = field.storage.select(0, channel);
      using output = storage.select(0, channel);
      const how = { outputToInput: toInput, interpolation, fill };
      await resample({ input, output, ...how, ...(signal && { signal }) });
    }
    return { ...fieldOf(storage, { ...field, isShared: false }) };
  } catch (error) {
    storage.dispose();
    throw error;
  }
}

function newStorage(
  { channels }: Field,
  shape: Vec3,
  dtype: Tensor['dtype'],
  { capacity = channels }: RegridOptions,
): Tensor {
  return Tensor.empty(dtype, [Math.max(channels, capacity), ...shape]);
}
