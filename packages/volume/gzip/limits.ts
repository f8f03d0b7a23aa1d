/**
 * Bytes inflated at a time: a few levels of cache hold it, and one piece is copied or swapped in
 * well under a millisecond.
 * @internal
 */
export const PIECE_BYTES = 256 * 1024;

/**
 * How far a compressed stream is followed beyond its voxels to reach and verify its checksum, and a file
 * beyond what is compressed. Writers' trailers are small; what goes on longer might never end.
 * @beyond answered, with a warning: BYTES_AFTER_VOXELS
 */
export const LARGEST_TRAILER_BYTES = 1024 * 1024;
