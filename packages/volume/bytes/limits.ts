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

/**
 * Default of `volumeLimitBytes`: the most a volume may inflate to (4 GiB).
 * @beyond VOLUME_TOO_LARGE
 * @flag --volume-limit
 */
export const DEFAULT_VOLUME_LIMIT_BYTES = 4 * 1024 ** 3;
