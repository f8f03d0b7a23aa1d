/**
 * Files in one archive or one call: a whole-body study of several series has some ten thousand.
 * @beyond LIMIT_EXCEEDED
 */
export const MOST_FILES = 100_000;

/**
 * Bytes that an archive may unpack to: a few 4 GiB volumes' worth of files.
 * @beyond LIMIT_EXCEEDED
 */
export const LARGEST_UNPACKED_BYTES = 16 * 2 ** 30;

/**
 * Bytes of a file's name within an archive or a call.
 * @beyond LIMIT_EXCEEDED
 */
export const LONGEST_NAME_BYTES = 1024;
