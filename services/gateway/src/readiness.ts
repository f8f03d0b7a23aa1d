import { setTimeout as delay } from 'node:timers/promises';
import { abortError, SextantError } from '#errors';
import { LONGEST_RETRY_MS, SHORTEST_RETRY_MS, START_MS } from './limits.ts';

/** Whether the inference service serves, as its health says, and what to tell those who have to wait. */
export class Readiness {
  #serving = false;
  #sinceMs = performance.now();
  /** The shortest time that a start has taken to be seen. */
  #startMs = START_MS;
  #waiting: (() => void)[] = [];

  set(serving: boolean): void {
    if (serving === this.#serving) return;
    const nowMs = performance.now();
    if (serving) this.#startMs = Math.min(this.#startMs, nowMs - this.#sinceMs);
    this.#serving = serving;
    this.#sinceMs = nowMs;
    if (serving) for (const wake of this.#waiting.splice(0)) wake();
  }

  /**
   * Resolves when the service serves: at once, or after its restart. Throws SERVICE_UNAVAILABLE when
   * that takes longer than `limitMs`, CANCELLED or DEADLINE_EXCEEDED when the signal fires.
   */
  async reached(limitMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw abortError(signal);
    if (this.#serving) return;
    const done = new AbortController();
    let wake = () => {};
    const served = new Promise<void>((resolve) => {
      wake = resolve;
      this.#waiting.push(wake);
    });
    const ended = AbortSignal.any([signal, done.signal]);
    const patience = delay(Math.max(0, limitMs), undefined, { signal: ended }).catch(() => {});
    await Promise.race([served, patience]);
    done.abort();
    this.#waiting = this.#waiting.filter((one) => one !== wake);
    if (signal.aborted) throw abortError(signal);
    if (!this.#serving) throw this.unavailable();
  }

  /**
   * The error for a caller that could not be served. A service that has been away for a while will
   * stay away about as long again: its supervisor waits longer between starts that fail.
   */
  unavailable(cause?: unknown): SextantError {
    const awayMs = this.#serving ? 0 : performance.now() - this.#sinceMs;
    const expectedMs = Math.max(this.#startMs - awayMs, awayMs);
    return new SextantError('SERVICE_UNAVAILABLE', {
      subject: 'inference service',
      got: 'no answer',
      expected: 'a running service with its models loaded',
      remedy: 'try again in a moment; it may be starting',
      retryAfterMs: Math.round(Math.min(LONGEST_RETRY_MS, Math.max(SHORTEST_RETRY_MS, expectedMs))),
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
