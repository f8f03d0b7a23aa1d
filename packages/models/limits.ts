/** Requests that may wait for one model. At a second each, the last of them waits a minute. */
export const WAITING_LIMIT = 64;

/** Voxels along an axis of a grid that follows from `spacing`: beyond it no network's memory holds. */
export const GRID_AXIS_LIMIT = 512;

/** Grids made from `spacing` are multiples of this, for networks that halve theirs four times. */
export const GRID_MULTIPLE = 16;

/** Milliseconds for which moves of a queue are gathered: a person reads no faster, and 64 callers are told at once. */
export const MOVES_TOLD_MS = 100;

/** Runs whose mean time is what the next is expected to take: enough to even out boxes of several sizes. */
export const RUN_TIMES_KEPT = 8;

/** Milliseconds after which to try again at a queue that is full, while the times of its model are unknown. */
export const RETRY_UNKNOWN_MS = 1000;
