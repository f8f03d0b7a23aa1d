/**
 * Conversions at once: each spools its files to disk and may hold a volume or two.
 * @beyond LIMIT_EXCEEDED
 */
export const CONVERSIONS_LIMIT = 4;

/**
 * After this time a refused caller may come again: most conversions are done by then.
 * @internal
 */
export const CONVERSION_RETRY_MS = 5000;

/**
 * How often a conversion tells how far it is.
 * @internal
 */
export const PROGRESS_MS = 100;

/**
 * Files set apart that a summary names; its count has all of them.
 * @internal
 */
export const MOST_NAMED = 1000;
