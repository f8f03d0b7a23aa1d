/**
 * Default of `volumeLimitBytes`: the most a volume may inflate to (4 GiB).
 * @beyond VOLUME_TOO_LARGE
 * @flag --volume-limit
 */
export const DEFAULT_VOLUME_LIMIT_BYTES = 4 * 1024 ** 3;

/**
 * How far a compressed stream is followed beyond its voxels to reach and verify its checksum.
 * Writers' trailers are small; what goes on longer might never end.
 * @beyond answered, with a warning: BYTES_AFTER_VOXELS
 */
export const LARGEST_TRAILER_BYTES = 1024 * 1024;

/**
 * Above this at any corner two affines are told apart, in mm (DESIGN decision 1).
 * @beyond answered, with a warning: AFFINES_DIFFER
 */
export const LARGEST_AFFINE_DIFFERENCE_MM = 1e-3;

/**
 * The largest count that NIfTI-1's 16-bit dim can hold.
 * @beyond VOLUME_TOO_LARGE, for a mask as a file; run lengths go on
 */
export const LARGEST_NIFTI1_DIM = 32767;
