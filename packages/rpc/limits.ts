/** Limits of the wire, each with its reason. */

/** Largest message either way: what gRPC clients accept without being told otherwise. */
export const MESSAGE_BYTES = 4 * 1024 * 1024;

/** Bytes of a volume or a mask in one message: large enough for the disk, small enough to relay. */
export const CHUNK_BYTES = 1024 * 1024;

/**
 * Longest request id taken over from a caller: it goes into every log line and into a header.
 * Longer ones, and ones with other characters than letters, digits, `-`, `_` and `.`, are replaced.
 */
export const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Longest text of the error's own fields on the wire, in UTF-8: all trailers of an answer share 8 KiB,
 * the text stands in seven places of the details, those in base64, and once percent-encoded beside.
 */
export const DETAIL_BYTES = 600;

/** Longest path of a unix socket, in bytes: sockaddr_un has 108 with the closing zero. */
export const SOCKET_PATH_BYTES = 107;

/** How long an old socket's owner may take to accept, before the socket counts as left behind. */
export const SOCKET_PROBE_MS = 1000;
