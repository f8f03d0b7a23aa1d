/** A span of waiting that ends in `onEnd`, unless what is waited for comes or moves on. */
export class Patience {
  readonly #ms: number;
  readonly #onEnd: () => void;
  #leftMs: number;
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, onEnd: () => void) {
    this.#ms = ms;
    this.#onEnd = onEnd;
    this.#leftMs = ms;
  }

  /** Waiting begins, or goes on: only time that is spent waiting counts. */
  wait(): void {
    if (this.#since !== undefined) return;
    this.#since = performance.now();
    this.#timer = setTimeout(this.#onEnd, this.#leftMs);
    this.#timer.unref();
  }

  /** Nothing is waited for. */
  pause(): void {
    if (this.#since === undefined) return;
    this.#leftMs = Math.max(0, this.#leftMs - (performance.now() - this.#since));
    this.#since = undefined;
    clearTimeout(this.#timer);
  }

  /** Enough has come: the whole span again. */
  renew(): void {
    const waiting = this.#since !== undefined;
    this.pause();
    this.#leftMs = this.#ms;
    if (waiting) this.wait();
  }
}
