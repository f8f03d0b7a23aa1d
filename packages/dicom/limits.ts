/**
 * Bytes of a file that are read first: they hold the header of most files.
 * @internal
 */
export const HEAD_BYTES = 16 * 1024;

/**
 * Times as many bytes are read where a header goes on: few readings of a long one, little read in vain.
 * @internal
 */
export const HEAD_GROWTH = 8;

/**
 * Bytes of a file that say all of its header where that is looked into outside of a thread that can be
 * ended: they bound what a file can do.
 * @internal
 */
export const SHORT_HEADER_BYTES = 128 * 1024;

/**
 * Bytes of a value that is read as text or as a list of numbers: 100,000 offsets of frames take less.
 * @internal
 */
export const LONGEST_VALUE_BYTES = 16 * 2 ** 20;

/**
 * Fragments of one file's frames: slides have some for each of their tiles, and each costs memory here.
 * @internal
 */
export const MOST_FRAGMENTS = 2 ** 20;

/**
 * Bytes of a header. One with more is no header: attributes of a slide of a million frames take less.
 * @internal
 */
export const LARGEST_HEADER_BYTES = 512 * 2 ** 20;

/**
 * Bytes that a header is inflated to, beside twice what its file has: so a small file takes no more memory
 * than this, and a long header, which deflates to a tenth, is read.
 * @internal
 */
export const SPARE_INFLATED_HEADER_BYTES = 8 * 2 ** 20;

/**
 * Rows or columns: what the attributes' 16 bits can say.
 * @internal
 */
export const LARGEST_MATRIX = 65535;

/**
 * Frames of one file. A whole-body dynamic PET has some ten thousand.
 * @internal
 */
export const MOST_FRAMES = 1_000_000;

/**
 * A mosaic's tiles: 45 x 45 of a 2048 x 2048 plane are beyond any scanner.
 * @internal
 */
export const MOST_TILES = 2048;

/**
 * An inflated data set, beside which 4 GiB volumes are refused elsewhere.
 * @internal
 */
export const LARGEST_INFLATED_BYTES = 2 ** 31 - 1;

/**
 * Bytes of a deflated data set behind its samples: padding, and attributes that few writers have.
 * @internal
 */
export const BYTES_AFTER_SAMPLES = 2 ** 20;

/**
 * An inflated data set that a thread keeps for the next batch of frames.
 * @internal
 */
export const LARGEST_KEPT_BYTES = 256 * 2 ** 20;
