/** Requests that may wait for one model. At a second each, the last of them waits a minute. */
export const WAITING_LIMIT = 64;

/** Voxels along an axis of a grid that follows from `spacing`: beyond it no network's memory holds. */
export const GRID_AXIS_LIMIT = 512;

/** Grids made from `spacing` are multiples of this, for networks that halve theirs four times. */
export const GRID_MULTIPLE = 16;
