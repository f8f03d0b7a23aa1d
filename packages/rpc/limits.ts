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
export const CUT_GRACE_MS = 1000;

/**
 * What the caller of a call that was cut is told to wait: a server that ends in order is started
 * again within seconds, if at all.
 * @internal
 */
export const CUT_RETRY_MS = 2000;

/**
 * How much before a call's deadline its end still counts as the deadline's: the caller's clock began
 * first, so its reset comes a little before our own.
 * @internal
 */
export const DEADLINE_SLACK_MS = 50;

/**
 * The most that this slack may be of the time that the call was given: a short call that is cancelled
 * early was cancelled.
 * @internal
 */
export const DEADLINE_SLACK_PART = 0.1;

/**
 * How long a stream may keep a server waiting, where no setting says otherwise, and within which a
 * peer that is gone without a word is noticed.
 * @internal
 */
export const STREAM_IDLE_MS = 60_000;

/**
 * Bytes that a sender must bring in that time: a trickle below 273 bytes a second is as good as
 * nothing, and would hold its place for ever.
 * @beyond STREAM_STALLED
 */
export const STREAM_PACE_BYTES = 16 * 1024;

/**
 * How long a handler whose caller was cut may take to keep what has come (an fsync of 64 MiB on a
 * slow disk) and to say so, before its stream is closed.
 * @internal
 */
export const STALL_GRACE_MS = 5000;

/**
 * Messages of a stream that wait beside the one that is handled, each way: one being received and
 * one ready keep both ends busy, more would be memory.
 * @internal
 */
export const STREAM_MESSAGES = 2;

/**
 * Bytes of a stream that a peer may send before it is given leave for more: twice as fast as with the
 * 64 KiB that HTTP/2 begins with. A whole message would be no faster, and as much of each of four
 * uploads, taken at one turn, would keep the event loop from others for 20 ms.
 * @internal
 */
export const STREAM_WINDOW_BYTES = 256 * 1024;

/**
 * Largest metadata of a call, keys and values: Sextant reads a request id and a deadline of it. The
 * library's own bound, HTTP/2's header list of 64 KiB and 128 fields, stands above it.
 * @beyond LIMIT_EXCEEDED
 */
export const METADATA_BYTES = 16 * 1024;

/**
 * Calls that a server has open at once, of all its clients: ten times the clicks that all models'
 * queues hold. Each costs some 30 KiB, idle or not.
 * @beyond LIMIT_EXCEEDED, with a delay
 */
export const CALLS_LIMIT = 2048;

/**
 * What the caller of one too many is told to wait: most calls take less.
 * @internal
 */
export const CALLS_RETRY_MS = 1000;

/**
 * Calls that one connection has open at once. The gateway's one connection to the inference service
 * carries those of all clients, hence not the hundred that is usual.
 * @beyond waits, in the client's own library
 */
export const STREAMS_LIMIT = 1024;

/**
 * Connections to a TCP port of gRPC: a client has one, and a process has a descriptor for each.
 * @beyond cut, as soon as it is taken
 */
export const CONNECTIONS_LIMIT = 1024;

/**
 * How long a connection stays without a call. Clients open another with their next call and do not
 * notice.
 * @beyond cut, after a GOAWAY
 */
export const CONNECTION_IDLE_MS = 10 * 60_000;

/**
 * Calls of one connection that are cancelled at once before it is given up for another: nghttp2 ends it
 * with an error at a thousand, and counts late cancels that are not seen here.
 * @beyond cut, after a GOAWAY and once its calls have ended
 */
export const RESETS_BURST = 300;

/**
 * Cancelled calls a second that a connection bears for long; nghttp2 allows 33.
 * @beyond cut, after a GOAWAY and once its calls have ended
 */
export const RESETS_PER_SECOND = 10;

/**
 * How long a client may take to notice that a connection is given up, before no new call is taken on it.
 * @internal
 */
export const RENEWED_CLOSE_MS = 5000;
