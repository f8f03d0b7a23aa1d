/** Limits that every process holds to, each with its reason. Message sizes are in `#rpc`. */

/**
 * How long a draining process waits for running calls: a click takes seconds, an init system 10 s.
 * @beyond cut
 */
export const DRAIN_MS = 8_000;

/**
 * Largest body of an HTTP request that carries no image: its routes take no body at all.
 * @beyond HTTP 413
 */
export const HTTP_BODY_BYTES = 64 * 1024;

/**
 * How long an HTTP client may take to send its request's head: longer is a stalled connection.
 * @beyond HTTP 408
 */
export const HTTP_REQUEST_MS = 30_000;

/**
 * Memory of the inference service for decoded volumes: two of the largest CT series, or dozens of
 * the usual. One that no call uses makes room for the next; a larger one is taken when it is alone.
 * @beyond LIMIT_EXCEEDED, with a delay, while running calls use all of it
 * @flag --cache-limit
 */
export const CACHE_LIMIT_BYTES = 4 * 1024 ** 3;

/**
 * Disk space for stored volumes, unfinished uploads counted whole: a day's images of a reading room.
 * @beyond STORE_FULL
 * @flag --store-limit
 */
export const STORE_LIMIT_BYTES = 64 * 1024 ** 3;
