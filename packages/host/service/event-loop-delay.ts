import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { DELAY_RESOLUTION_MS, DELAY_WINDOW_MS } from '../limits.ts';

/** How late the event loop came to its work, in seconds. */
export interface EventLoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Watches the event loop of this process until `stop`. */
export interface EventLoopWatch {
  /**
   * Percentiles of the last whole window, of the first one while it runs; the maximum is also that of
   * the window that runs, so that a long pause is told at once. Reading changes nothing: two readers do
   * not disturb each other.
   */
  read(): EventLoopDelay;
  stop(): void;
}

/**
 * A timer of libuv's own ticks every few milliseconds, without JavaScript: the cost is a wake-up.
 *
 * @example
 * const watch = watchEventLoop();
 * watch.read(); // { p50: 0.0001, p99: 0.0004, max: 0.012 }
 */
export function watchEventLoop({ windowMs = DELAY_WINDOW_MS } = {}): EventLoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  histogram.enable();
  let last: EventLoopDelay | undefined;
  const turn = setInterval(() => {
    last = delayOf(histogram);
    histogram.reset();
  }, windowMs);
  turn.unref();
  return {
    read() {
      const running = delayOf(histogram);
      if (last === undefined) return running;
      return { ...last, max: Math.max(last.max, running.max) };
    },
    stop() {
      clearInterval(turn);
      histogram.disable();
    },
  };
}

function delayOf(histogram: IntervalHistogram): EventLoopDelay {
  if (histogram.count === 0) return { p50: 0, p99: 0, max: 0 };
  const [p50, p99] = [histogram.percentile(50), histogram.percentile(99)];
  return { p50: late(p50), p99: late(p99), max: late(histogram.max) };
}

/** What the timer measures is the time from tick to tick, of which its own pace is no delay. */
function late(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - DELAY_RESOLUTION_MS / 1000);
}
