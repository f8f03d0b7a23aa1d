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
 * What a client is told to wait when the inference service is not there: a restart takes seconds.
 * @internal
 */
export const RETRY_AFTER_MS = 2000;

/**
 * Digits of a session id in the log: enough to find its calls, too few to use it.
 * @internal
 */
export const LOGGED_SESSION_DIGITS = 8;
