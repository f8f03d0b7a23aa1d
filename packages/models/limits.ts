/**
 * Requests that may wait for one model. At a second each, the last of them waits a minute.
 * @beyond LIMIT_EXCEEDED, with the expected wait as its delay
 */
export const WAITING_LIMIT = 64;

/**
 * Voxels along an axis of a grid that follows from `spacing`: beyond it no network's memory holds.
 * @beyond LIMIT_EXCEEDED
 */
export const GRID_AXIS_LIMIT = 512;

/**
 * Grids made from `spacing` are multiples of this, for networks that halve theirs four times.
 * @internal
 */
export const GRID_MULTIPLE = 16;

/**
 * How long moves of a queue are gathered before they are told: a person reads no faster, and many who
 * give up at once are not a message each to everybody behind them.
 * @internal
 */
export const MOVES_TOLD_MS = 100;

/**
 * Runs whose mean time is what the next is expected to take: enough to even out boxes of several sizes.
 * @internal
 */
export const RUN_TIMES_KEPT = 8;

/**
 * What a caller is told to wait at a queue that is full, while the times of its model are unknown.
 * @internal
 */
export const RETRY_UNKNOWN_MS = 1000;
