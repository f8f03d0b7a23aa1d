/**
 * A child that has served for this long was sound: its next failure is a new one.
 * @internal
 */
const SOUND_MS = 10_000;
/**
 * Before the second start of a row: what crashed at once is likely to crash again.
 * @internal
 */
const FIRST_PAUSE_MS = 250;
/**
 * A child that cannot start costs a start every half minute, and comes back soon after a repair.
 * @internal
 */
const LONGEST_PAUSE_MS = 30_000;

/** How long to wait before a child that has ended is started again. */
export class RestartPause {
  #nextMs = 0;

  /**
   * The pause after a child that served for `servedMs`, 0 when it was never ready: none after a sound
   * one, so that the next click finds it there, and twice the last one otherwise.
   */
  next(servedMs: number): number {
    if (servedMs >= SOUND_MS) this.#nextMs = 0;
    const pauseMs = this.#nextMs;
    this.#nextMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2));
    return pauseMs;
  }
}
