/** Limits that every process holds to, each with its reason. Message sizes are in `#rpc`. */

/**
 * How long a draining process waits for running calls unless --drain-seconds says otherwise: a click
 * takes seconds, and `docker stop` kills after 10 s.
 * @beyond SERVICE_UNAVAILABLE with a time to try again: what still runs is cut
 * @flag --drain-seconds
 */
export const DRAIN_SECONDS = 8;

/**
 * How long a client may keep a stream waiting: a hiccup of a network passes within seconds, a laptop
 * that was closed does not.
 * @beyond STREAM_STALLED
 * @flag --stream-idle-seconds
 */
export const STREAM_IDLE_SECONDS = 60;

/**
 * How long a process whose supervisor is gone lets calls run: whoever starts the next supervisor
 * should not wait for the store.
 * @beyond SERVICE_UNAVAILABLE with a time to try again: what still runs is cut
 */
export const ORPHAN_DRAIN_MS = 1000;

/**
 * How long a process may still take to end once its calls are cut: they have told their callers by
 * then, and closing a store takes an fsync.
 * @internal
 */
export const CUT_END_MS = 3000;

/**
 * Largest body of an HTTP request that carries no image: its routes take no body at all.
 * @beyond HTTP 413
 */
export const HTTP_BODY_BYTES = 64 * 1024;

/**
 * How long an HTTP client may take to send its whole request: longer is a stalled connection.
 * @beyond HTTP 408
 */
export const HTTP_REQUEST_MS = 15_000;

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

/**
 * Time from tick to tick of the timer that measures the event loop's delay: fine beside the 20 ms that
 * it may have, and a hundred wake-ups a second.
 * @internal
 */
export const DELAY_RESOLUTION_MS = 10;

/**
 * Window of those measurements: the pace at which Prometheus asks by default is 15 s or slower.
 * @internal
 */
export const DELAY_WINDOW_MS = 15_000;

/**
 * Default of the memory for voxels of volumes that are converted at once: half of a small machine's.
 * @beyond answered: a volume that needs more is converted alone
 * @flag --memory-limit
 */
export const MEMORY_LIMIT_BYTES = 4 * 1024 ** 3;
