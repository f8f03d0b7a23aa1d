/** Limits that every process holds to, each with its reason. Message sizes are in `#rpc`. */

/** How long a draining process waits for running calls: a click takes seconds, an init system 10 s. */
export const DRAIN_MS = 8_000;

/** Largest body of an HTTP request that carries no image: its routes take no body at all. */
export const HTTP_BODY_BYTES = 64 * 1024;

/** How long an HTTP client may take to send its request's head: longer is a stalled connection. */
export const HTTP_REQUEST_MS = 30_000;
