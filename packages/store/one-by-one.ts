/** Runs pieces of work one after the other, so that what one has checked still holds when it acts. */
export class OneByOne {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Resolves when everything given to `run` so far has ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
