import { SextantError } from '#errors';

/**
 * An error of a server that went away, or of a user who has interrupted, with what to do next: what
 * a server had acknowledged is not lost. Other errors pass. A server that goes down cuts its calls,
 * which reads as if the user had cancelled them: it becomes SERVICE_UNAVAILABLE.
 */
export function withWayOn(
  error: unknown,
  {
    signal,
    lost,
    interrupted,
  }: {
    /** Fires when the user interrupts. */
    signal: AbortSignal;
    /** What to do when the server is gone. */
    lost: string;
    /** What to do after Ctrl-C, where that is not plain. */
    interrupted?: string;
  },
): unknown {
  if (!(error instanceof SextantError)) return error;
  if (signal.aborted) return interrupted === undefined ? error : told(error, interrupted);
  if (error.reason === 'CANCELLED') return told(cutByServer(error), lost);
  return error.code === 'UNAVAILABLE' ? told(error, lost) : error;
}

function told(error: SextantError, remedy: string): SextantError {
  const { reason, subject, got, expected, retryAfterMs } = error;
  const when = retryAfterMs === undefined ? '' : ` in ${Math.ceil(retryAfterMs / 1000)} s`;
  return new SextantError(reason, {
    ...{ subject, got, expected, remedy: `${remedy}${when}`, cause: error },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function cutByServer(cause: SextantError): SextantError {
  const facts = { subject: 'server', got: 'a call that it has cut', expected: 'an answer' };
  return new SextantError('SERVICE_UNAVAILABLE', { ...facts, cause });
}
