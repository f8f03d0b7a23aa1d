import type { Vec3 } from '#geometry';
import type { Tensor } from '#kernels';
import type { Place } from './place.ts';
import type { PendingRegrid } from './regrid.ts';

/** What the chain compiler knows of a field before anything runs. */
export type FieldType = ArrayType | FileType | NumbersType;

/**
 * A volume [x, y, z] or a picture [rows, columns], with or without a channel axis in front.
 * `channels` is undefined where only the network can tell, `shape` where only the file can; the
 * third number of a picture's shape is 1.
 */
export interface ArrayType {
  readonly kind: 'array';
  readonly axes: 2 | 3;
  readonly hasChannels: boolean;
  readonly channels: number | undefined;
  readonly shape?: Vec3 | undefined;
  /** Voxels are labels: never interpolated linearly. */
  readonly isLabel?: boolean;
  /** The transform that moved the voxels as no affine map can: Invert finds no way back. */
  readonly deformedBy?: string | undefined;
}

/** The path of a file that no transform has read yet. */
export interface FileType {
  readonly kind: 'file';
  /** How many there are, of a channel each; undefined where a file may have several. */
  readonly channels?: number | undefined;
}

/** A list of numbers, as a resolution or a shape. */
export interface NumbersType {
  readonly kind: 'numbers';
}

/** What a field is while a chain runs. */
export type Value = Field | FileValue | NumbersValue;

export interface FileValue {
  readonly kind: 'file';
  /** More than one: a channel each. */
  readonly paths: readonly string[];
}

export interface NumbersValue {
  readonly kind: 'numbers';
  readonly numbers: readonly number[];
}

/**
 * An array while a chain runs. Flips, crops and turns are views of `storage`; a transform that
 * changes voxels writes them in place when it may (see `changeVoxels`).
 */
export interface Field {
  readonly kind: 'array';
  /**
   * [C, x, y, z], any dtype and strides, z of a picture 1. C are all the channels that there is
   * room for, so that a transform which adds one fills it in place.
   */
  readonly storage: Tensor;
  /** Channels in use. */
  readonly channels: number;
  readonly hasChannels: boolean;
  readonly axes: 2 | 3;
  readonly isLabel: boolean;
  /** Undefined for what no file was read for. */
  readonly place: Place | undefined;
  /** Another field sees the same memory: it must not be written. */
  readonly isShared: boolean;
  /** The grid that the voxels have yet to be read on, in a chain with `"fuse": true`. */
  readonly pending?: PendingRegrid | undefined;
}

type FieldFacts = Partial<Omit<Field, 'kind' | 'storage'>>;

/** A field of `storage` [C, x, y, z]: all its channels, a 4D volume of grey values, unless said otherwise. */
export function fieldOf(storage: Tensor, facts: FieldFacts = {}): Field {
  return {
    ...{ kind: 'array', channels: storage.shape[0] ?? 0, hasChannels: true, axes: 3 },
    ...{ isLabel: false, isShared: false, place: undefined },
    ...facts,
    storage,
  };
}

/** Voxels along the axes of space, of the grid that the field is on or is yet to be read on. */
export function shapeOf({ storage, pending }: Field): Vec3 {
  const [, x = 0, y = 0, z = 0] = storage.shape;
  return pending?.shape ?? [x, y, z];
}

/** As numpy would call it: "a 4D array of 2 channels". */
export function typeText(type: FieldType): string {
  if (type.kind === 'file') return 'a file that is not loaded yet';
  if (type.kind === 'numbers') return 'a list of numbers';
  const { axes, hasChannels, channels } = type;
  const rank = `a ${axes + (hasChannels ? 1 : 0)}D array`;
  return hasChannels && channels !== undefined ? `${rank} of ${channels} channels` : rank;
}
