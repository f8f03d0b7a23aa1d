import { abortError, SextantError } from '#errors';

/**
 * One at a time, first come, first served, and no more than `limit` waiting: a queue without a
 * limit answers everybody too late.
 *
 * @example
 * const leave = await turns.take(signal);
 * try { await network.run(…); } finally { leave(); }
 */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  private busy = false;
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Resolves when it is this caller's turn, with the function that ends it. */
  async take(signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted) throw abortError(signal);
    if (!this.busy) this.busy = true;
    else await this.wait(signal);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.next();
    };
  }

  private next(): void {
    const first = this.waiting.shift();
    if (first === undefined) this.busy = false;
    else first();
  }

  private wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.waiting.length >= this.limit) {
      throw new SextantError('LIMIT_EXCEEDED', {
        subject: 'model queue',
        got: `${this.waiting.length} requests waiting`,
        expected: `fewer than ${this.limit}`,
        remedy: 'try again in a moment',
        retryAfterMs: 1000,
      });
    }
    return new Promise((resolve, reject) => {
      const begin = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        this.waiting.splice(this.waiting.indexOf(begin), 1);
        if (signal !== undefined) reject(abortError(signal));
      };
      this.waiting.push(begin);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }
}
