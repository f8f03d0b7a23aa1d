/**
 * Default of `volumeLimitBytes`: the most a volume may inflate to (4 GiB).
 * @internal
 */
export const DEFAULT_LIMIT_BYTES = 4 * 1024 ** 3;

/**
 * Characters of one number written as text.
 * @internal
 */
export const LONGEST_NUMBER = 64;
