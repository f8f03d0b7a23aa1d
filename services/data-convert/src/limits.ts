/**
 * Conversions at once: each spools its files to disk and may hold a volume or two.
 * @beyond LIMIT_EXCEEDED
 */
export const CONVERSIONS_LIMIT = 4;

/**
 * Part of the machine's memory that voxels may take unless --conversion-memory says otherwise: the other
 * half is for models, decoded volumes and the disk's cache. A conversion waits for what others hold.
 * @beyond VOLUME_TOO_LARGE, for a volume that needs more than all
 * @flag --conversion-memory
 */
export const MEMORY_PART = 0.5;

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
