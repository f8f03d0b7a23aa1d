/**
 * Voxels of a field: a chain must not ask for more memory than any image has.
 * @beyond CONFIG_INVALID when the chain is checked; VOLUME_TOO_LARGE where only the file tells
 */
export const MOST_VOXELS = 2 ** 31;

/**
 * Voxels along an axis that a chain may ask for: as many as a NIfTI-1 header can say.
 * @beyond CONFIG_INVALID when the chain is checked
 */
export const LONGEST_AXIS = 32_767;

/**
 * Channels of a field: no network has more, and repeats of repeats reach a million in three lines.
 * @beyond CONFIG_INVALID when the chain is checked; VOLUME_TOO_LARGE where only the file tells
 */
export const MOST_CHANNELS = 1024;

/**
 * Labels that a voxel of a mask can tell apart, a byte each: channels that argmax takes.
 * @beyond CONFIG_INVALID when the chain is checked
 */
export const MOST_LABELS = 256;
