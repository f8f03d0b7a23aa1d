/** Default of `volumeLimitBytes`: the most a volume may inflate to (4 GiB). */
export const DEFAULT_VOLUME_LIMIT_BYTES = 4 * 1024 ** 3;

/** Bytes moved at a time: about 0.1 ms of copying and swapping on the event loop. */
export const PIECE_BYTES = 256 * 1024;

/**
 * How far a compressed stream is followed beyond its voxels to reach and verify its checksum.
 * Writers' trailers are small; what goes on longer might never end.
 */
export const LARGEST_TRAILER_BYTES = 1024 * 1024;

/** Above this at any corner two affines are told apart, in mm (DESIGN decision 1). */
export const LARGEST_AFFINE_DIFFERENCE_MM = 1e-3;

/** The largest count that NIfTI-1's 16-bit dim can hold. */
export const LARGEST_NIFTI1_DIM = 32767;
