import { RUN_TIMES_KEPT } from './limits.ts';

/** What the next run of a model is expected to take: the mean of the last few. */
export class RunTimes {
  private readonly recent: number[] = [];

  add(ms: number): void {
    this.recent.push(ms);
    if (this.recent.length > RUN_TIMES_KEPT) this.recent.shift();
  }

  /** 0 when there was none yet. */
  get expectedMs(): number {
    const sum = this.recent.reduce((total, ms) => total + ms, 0);
    return sum / Math.max(1, this.recent.length);
  }
}
