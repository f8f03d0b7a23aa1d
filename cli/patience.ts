import { setTimeout as delay } from 'node:timers/promises';
import { abortError, type Reason, SextantError } from '#errors';
import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS, PATIENCE_MS } from './limits.ts';

/** Decides whether a call that failed is worth another try, and waits until then. */
export interface Patience {
  /** Something has come through: what went wrong before no longer counts. */
  renew(): void;
  /** Resolves when it is time for another try; throws `error` when there is none. */
  wait(error: unknown): Promise<void>;
}

/**
 * Patience with a server that is being started again or a connection that was lost: `totalMs` from
 * the first failure on, with pauses that grow, or those that the server asks for.
 */
export function patience({
  signal,
  say,
  totalMs = PATIENCE_MS,
}: {
  signal: AbortSignal;
  /** Hears what is being waited for, in a line. */
  say: (line: string) => void;
  totalMs?: number;
}): Patience {
  let tries = 0;
  let firstMs: number | undefined;
  return {
    renew() {
      tries = 0;
      firstMs = undefined;
    },
    async wait(error) {
      if (signal.aborted) throw abortError(signal);
      if (!isPassing(error)) throw error;
      firstMs ??= Date.now();
      const pauseMs = pauseBefore(tries, error.retryAfterMs);
      tries += 1;
      if (Date.now() + pauseMs - firstMs > totalMs) throw error;
      say(`${inShort(error)}; trying again in ${(pauseMs / 1000).toFixed(1)} s`);
      await delay(pauseMs, undefined, { signal }).catch(() => {
        throw abortError(signal);
      });
    },
  };
}

/** What `work` comes to, tried again as long as patience lasts. Throws what the last try did. */
export async function withPatience<T>(waiting: Patience, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      await waiting.wait(error);
    }
  }
}

/** The server's own word counts; without it the pause doubles, and no two clients come in step. */
function pauseBefore(tries: number, retryAfterMs: number | undefined): number {
  if (retryAfterMs !== undefined) return retryAfterMs;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries) * (0.75 + Math.random() / 2);
}

/**
 * A server that goes down cuts its streams, which reads as cancelled; one that was started again may
 * know less of an upload than it had answered; one that heard nothing for long, from a laptop that
 * was closed, has let go.
 */
const PASSING: readonly Reason[] = [
  'CANCELLED',
  'UPLOAD_UNKNOWN',
  'UPLOAD_OFFSET_MISMATCH',
  'STREAM_STALLED',
];

/** Whether trying again can help. */
function isPassing(error: unknown): error is SextantError {
  if (!(error instanceof SextantError)) return false;
  if (error.retryAfterMs !== undefined || error.code === 'UNAVAILABLE') return true;
  return PASSING.includes(error.reason);
}

function inShort(error: SextantError): string {
  if (error.reason === 'SERVICE_UNAVAILABLE') return 'the server does not answer';
  const isCut = error.reason === 'CANCELLED' || error.reason === 'STREAM_STALLED';
  if (isCut) return 'the server has cut the transfer';
  return `${error.reason}: got ${error.got}`;
}
