/** What the clients of a soak have done and seen. */
export class Tally {
  clicks = 0;
  uploads = 0;
  resumed = 0;
  cancelled = 0;
  retries = 0;
  kills = 0;
  readonly latenciesMs: number[] = [];
  readonly failures: string[] = [];
  /** Kills that no click has been answered after yet. */
  #open: number[] = [];
  longestOutageMs = 0;

  killed(): void {
    this.kills += 1;
    this.#open.push(performance.now());
  }

  answered(beganMs: number): void {
    const nowMs = performance.now();
    this.clicks += 1;
    this.latenciesMs.push(nowMs - beganMs);
    const over = this.#open.filter((killedMs) => killedMs <= beganMs);
    for (const killedMs of over) {
      this.longestOutageMs = Math.max(this.longestOutageMs, nowMs - killedMs);
    }
    this.#open = this.#open.filter((killedMs) => killedMs > beganMs);
  }

  /** Kills after which no click that began later was answered. */
  get unanswered(): number {
    return this.#open.length;
  }

  fail(what: string): void {
    this.failures.push(what);
  }

  percentileMs(part: number): number {
    const sorted = this.latenciesMs.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  }
}
