import type { Tensor } from '#kernels';

/**
 * What the chain compiler knows of a field before anything runs: a 3D array [x, y, z], or a 4D one
 * [channel, x, y, z]. `channels` is undefined where only the network can tell.
 */
export interface FieldType {
  readonly rank: 3 | 4;
  readonly channels: number | undefined;
}

/**
 * A field while a chain runs. `storage` is [C, x, y, z] with all the channels that the field will
 * ever have, so that a transform which adds a channel fills it in place; `channels` counts those in
 * use, and `rank` says whether a 3D array has become a 4D one.
 */
export interface Field {
  readonly storage: Tensor;
  channels: number;
  rank: 3 | 4;
}

export function typeText({ rank, channels }: FieldType): string {
  if (rank === 3) return 'a 3D array';
  return channels === undefined ? 'a 4D array' : `a 4D array of ${channels} channels`;
}

/** Runs `visit` on a 3D view of each channel in use, one after the other. */
export async function eachChannel(
  field: Field,
  visit: (channel: Tensor) => Promise<void>,
): Promise<void> {
  for (let index = 0; index < field.channels; index++) {
    using channel = field.storage.select(0, index);
    await visit(channel);
  }
}
