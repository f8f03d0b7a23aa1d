/** Limits of the gateway, each with its reason. */

/**
 * How long the inference service may take to list its models: it holds them in memory.
 * @beyond DEADLINE_EXCEEDED
 */
export const LIST_MODELS_MS = 5000;

/**
 * Pause before asking again for the health of an inference service that is gone.
 * @internal
 */
export const HEALTH_RETRY_MS = 250;

/**
 * How long a click waits for an inference service that is being started: whoever clicks would rather
 * wait a little than click again.
 * @beyond SERVICE_UNAVAILABLE with a time to try again
 */
export const START_PATIENCE_MS = 5000;

/**
 * How long a start of the inference service takes, until one has been seen to take less: loading
 * models takes seconds.
 * @internal
 */
export const START_MS = 2000;

/**
 * What a client is told to wait at least when the inference service is not there: a click that comes
 * early waits here.
 * @internal
 */
export const SHORTEST_RETRY_MS = 250;

/**
 * And at most: the supervisor's own longest pause between two starts.
 * @internal
 */
export const LONGEST_RETRY_MS = 30_000;

/**
 * Digits of a session id in the log: enough to find its calls, too few to use it.
 * @internal
 */
export const LOGGED_SESSION_DIGITS = 8;

/**
 * Request line and headers of HTTP together: old clients send some hundred bytes.
 * @beyond HTTP 431
 */
export const HTTP_HEAD_BYTES = 16 * 1024;

/**
 * Until the head of a request has to be there, counted from the connection or the request before:
 * it is one packet, and who sends it byte by byte holds a connection.
 * @beyond HTTP 408
 */
export const HTTP_HEAD_MS = 5000;

/**
 * How often connections are looked at for requests that take too long.
 * @internal
 */
export const HTTP_LOOK_MS = 1000;

/**
 * How long a connection is kept for the next request: a page or a script asks again at once or not.
 * @beyond cut
 */
export const HTTP_KEEP_ALIVE_MS = 5000;

/**
 * Connections of HTTP at once: browsers open six each, probes one.
 * @beyond cut, as soon as it is taken
 */
export const HTTP_CONNECTIONS_LIMIT = 256;

/**
 * How long the inference service may take to tell what it measures: Prometheus gives a scrape 10 s, and
 * the gateway's own values have to be in time when it is busy or gone.
 * @internal
 */
export const READ_METRICS_MS = 2000;

/**
 * How long a gateway that starts waits for the store of one that is leaving: an orphan drains for a
 * second, and whoever starts a second gateway by mistake should soon be told.
 * @beyond STORE_BUSY
 */
export const STORE_PATIENCE_MS = 4000;

/**
 * Pause before trying again for it.
 * @internal
 */
export const STORE_RETRY_MS = 100;

/**
 * After this time a caller may ask for a conversion again, when the service was not there.
 * @internal
 */
export const CONVERSION_RETRY_MS = 2000;
