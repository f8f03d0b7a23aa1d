import { abortError, SextantError } from '#errors';
import { MOVES_TOLD_MS, RETRY_UNKNOWN_MS, WAITING_LIMIT } from './limits.ts';
import { RunTimes } from './run-times.ts';

/** Where a caller stands in the queue of a model. */
export interface QueuePlace {
  /** Calls that are before this one, the running one included. */
  readonly callsAhead: number;
  /** How long they are expected to take; 0 when there are none, or when nothing is known yet. */
  readonly expectedWaitMs: number;
}

export interface TakeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Hears where the caller stands after the queue has moved, until its turn comes. */
  readonly onMove?: ((place: QueuePlace) => void) | undefined;
}

/** A caller's turn. The next one begins when it is left, whatever became of it; leaving twice is one. */
export interface Turn {
  /** `completed` work counts for the times that others are told to wait. */
  leave(how?: { completed: boolean }): void;
}

interface Waiting {
  readonly begin: () => void;
  readonly onMove: TakeOptions['onMove'];
  /** How many were before it when it was last told. */
  toldAhead: number;
}

/**
 * One at a time, first come, first served, and no more than `limit` waiting: a queue without a
 * limit answers everybody too late.
 *
 * @example
 * const turn = await turns.take({ signal });
 * try { await network.run(…); } finally { turn.leave(); }
 */
export class Turns {
  readonly limit: number;
  private readonly queue: Waiting[] = [];
  private readonly times = new RunTimes();
  /** When the running one began; undefined while none runs. */
  private runningSince: number | undefined;
  private telling: NodeJS.Timeout | undefined;

  constructor(limit = WAITING_LIMIT) {
    this.limit = limit;
  }

  /** Callers whose turn has not come. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Whether somebody's turn has come and not ended. */
  get running(): boolean {
    return this.runningSince !== undefined;
  }

  /** Where a caller would stand who came now. */
  get place(): QueuePlace {
    return this.placeBehind(this.queue.length);
  }

  /** Takes the time of a run outside the queue into account, say that of a warm-up. */
  learn(ms: number): void {
    this.times.add(ms);
  }

  /**
   * Resolves when it is this caller's turn.
   *
   * @throws SextantError CANCELLED or DEADLINE_EXCEEDED, at once, and the turn never comes;
   *   LIMIT_EXCEEDED when as many wait as may, to be tried again after the wait that is expected
   */
  async take({ signal, onMove }: TakeOptions = {}): Promise<Turn> {
    if (signal?.aborted) throw abortError(signal);
    if (this.runningSince !== undefined) await this.wait(signal, onMove);
    const began = performance.now();
    this.runningSince = began;
    let left = false;
    return {
      leave: ({ completed } = { completed: false }) => {
        if (left) return;
        left = true;
        if (completed) this.times.add(performance.now() - began);
        this.next();
      },
    };
  }

  private next(): void {
    const first = this.queue.shift();
    if (first === undefined) {
      this.runningSince = undefined;
      return;
    }
    // Before the caller takes it up: nobody may slip in between.
    this.runningSince = performance.now();
    first.begin();
    this.moved();
  }

  private wait(signal: AbortSignal | undefined, onMove: TakeOptions['onMove']): Promise<void> {
    if (this.queue.length >= this.limit) throw this.full();
    return new Promise((resolve, reject) => {
      const begin = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const waiting: Waiting = { begin, onMove, toldAhead: this.place.callsAhead };
      const giveUp = () => {
        this.queue.splice(this.queue.indexOf(waiting), 1);
        this.moved();
        if (signal !== undefined) reject(abortError(signal));
      };
      this.queue.push(waiting);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Tells those who wait where they stand now: soon, and once for all moves until then. */
  private moved(): void {
    if (this.telling !== undefined || this.queue.length === 0) return;
    this.telling = setTimeout(() => {
      this.telling = undefined;
      for (const [before, waiting] of this.queue.entries()) {
        this.tell(waiting, this.placeBehind(before));
      }
    }, MOVES_TOLD_MS);
    this.telling.unref();
  }

  private tell(waiting: Waiting, place: QueuePlace): void {
    if (place.callsAhead === waiting.toldAhead) return;
    waiting.toldAhead = place.callsAhead;
    waiting.onMove?.(place);
  }

  private placeBehind(waiting: number): QueuePlace {
    if (this.runningSince === undefined) return { callsAhead: 0, expectedWaitMs: 0 };
    const each = this.times.expectedMs;
    const rest = Math.max(0, each - (performance.now() - this.runningSince));
    return { callsAhead: waiting + 1, expectedWaitMs: rest + waiting * each };
  }

  private full(): SextantError {
    return new SextantError('LIMIT_EXCEEDED', {
      subject: 'model queue',
      got: `${this.queue.length} requests waiting`,
      expected: `fewer than ${this.limit}`,
      remedy: 'try again in a moment',
      retryAfterMs: Math.ceil(this.place.expectedWaitMs) || RETRY_UNKNOWN_MS,
    });
  }
}
