/** Sizes under keys, and their running sum. */
export class Sum {
  readonly #sizes = new Map<string, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  get count(): number {
    return this.#sizes.size;
  }

  /** Counts `size` under `key`, instead of what was counted there; `undefined` counts nothing. */
  set(key: string, size: number | undefined): void {
    this.#total += (size ?? 0) - (this.#sizes.get(key) ?? 0);
    if (size === undefined) this.#sizes.delete(key);
    else this.#sizes.set(key, size);
  }
}

/** What each peer has, and until when it counts. */
export class PeerTally {
  readonly #peers = new Map<string, string>();
  readonly #untilMs = new Map<string, Map<string, number>>();

  set(key: string, peer: string, untilMs: number): void {
    this.#peers.set(key, peer);
    const own = this.#untilMs.get(peer);
    if (own === undefined) this.#untilMs.set(peer, new Map([[key, untilMs]]));
    else own.set(key, untilMs);
  }

  delete(key: string): void {
    const peer = this.#peers.get(key);
    if (peer === undefined) return;
    this.#peers.delete(key);
    const own = this.#untilMs.get(peer);
    own?.delete(key);
    if (own?.size === 0) this.#untilMs.delete(peer);
  }

  /** Whether `peer` has `bound` or more whose time has not passed; those whose has are dropped. */
  hasReached(bound: number, peer: string, nowMs: number): boolean {
    const own = this.#untilMs.get(peer);
    if (own === undefined || own.size < bound) return bound <= 0;
    for (const [key, untilMs] of own) if (nowMs >= untilMs) this.delete(key);
    return own.size >= bound;
  }
}
