/** Limits of the wire, each with its reason. */

/**
 * Largest message either way: what gRPC clients accept without being told otherwise.
 * @beyond LIMIT_EXCEEDED
 */
export const MESSAGE_BYTES = 4 * 1024 * 1024;

/**
 * Bytes of a volume or a mask in one message: large enough for the disk, small enough to relay.
 * @beyond ARGUMENT_INVALID
 */
export const CHUNK_BYTES = 1024 * 1024;

/**
 * Longest request id taken over from a caller: it goes into every log line and into a header.
 * Longer ones, and ones with other characters than letters, digits, `-`, `_` and `.`, are replaced.
 * @beyond replaced by an id of our own
 */
export const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Longest text of the error's own fields on the wire, in UTF-8: all trailers of an answer share 8 KiB,
 * the text stands in seven places of the details, those in base64, and once percent-encoded beside.
 * @beyond shortened
 */
export const DETAIL_BYTES = 600;

/**
 * Longest path of a unix socket, in bytes: sockaddr_un has 108 with the closing zero.
 * @beyond CONFIG_INVALID
 */
export const SOCKET_PATH_BYTES = 107;

/**
 * How long an old socket's owner may take to accept, before the socket counts as left behind.
 * @internal
 */
export const SOCKET_PROBE_MS = 1000;

/**
 * How long a call that is cut may take to tell its caller so: longer than any handler needs to notice,
 * short beside the drain that it ends.
 * @internal
 */
export const CUT_GRACE_MS = 500;

/**
 * What the caller of a call that was cut is told to wait: a server that ends in order is started
 * again within seconds, if at all.
 * @internal
 */
export const CUT_RETRY_MS = 2000;
