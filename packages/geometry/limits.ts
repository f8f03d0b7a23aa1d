/**
 * A box has six faces, each of which needs a point that lies on it.
 * @beyond POINTS_TOO_FEW
 */
export const SMALLEST_POINT_COUNT = 6;

/**
 * Far beyond what anyone clicks; bounds the work of one extreme-point channel.
 * @beyond POINTS_TOO_MANY
 */
export const LARGEST_POINT_COUNT = 1000;

/**
 * Points are kept in steps of 1/64 voxel: fine beside any click, coarse beside the noise of
 * float32 affines (1e-5 mm) and of text with three decimals (5e-4 mm), and exact in binary.
 * @internal
 */
export const POINT_STEPS_PER_VOXEL = 64;

/**
 * Slack of the box's faces, in voxels. A 1 mm oblique affine stored as float32 has a spacing of
 * 0.99999994, and 20 mm of padding would then reach one voxel further.
 * @internal
 */
export const BOX_TOLERANCE = 1e-3;

/**
 * A padding given as a fraction of a structure's extent is never less than this many voxels.
 * @internal
 */
export const SMALLEST_FRACTION_PAD = 2;
