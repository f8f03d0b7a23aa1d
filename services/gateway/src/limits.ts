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
