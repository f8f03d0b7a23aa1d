/**
 * Bytes moved at a time: about 0.1 ms of copying and swapping on the event loop.
 * @internal
 */
export const PIECE_BYTES = 256 * 1024;

/**
 * A text header; comments and keys of any tool fit in it many times over.
 * @beyond VOLUME_CORRUPT
 */
export const LARGEST_TEXT_HEADER_BYTES = 1024 * 1024;
