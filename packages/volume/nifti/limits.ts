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
