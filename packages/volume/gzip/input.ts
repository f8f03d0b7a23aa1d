import { truncated } from './gzip-errors.ts';

/** Bytes that come in pieces, taken in the sizes that are asked for. */
export class Input {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #next: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** What is there and not yet taken. */
  get next(): Buffer {
    return this.#next;
  }

  /** Waits for so many bytes; whether they came. */
  async has(count: number): Promise<boolean> {
    while (this.#next.length < count) {
      const { done, value } = await this.#pieces.next();
      if (done) return false;
      this.#next =
        this.#next.length === 0 ? Buffer.from(value) : Buffer.concat([this.#next, value]);
    }
    return true;
  }

  /** @throws SextantError VOLUME_TRUNCATED */
  async take(count: number): Promise<Buffer> {
    if (!(await this.has(count))) throw truncated();
    const taken = this.#next.subarray(0, count);
    this.drop(count);
    return taken;
  }

  drop(count: number): void {
    this.#next = this.#next.subarray(count);
  }

  /** How many bytes are left; it takes them, and stops where there are `most` or more. */
  async countRest(most: number): Promise<number> {
    let count = 0;
    while (count < most && (await this.has(1))) {
      count += this.#next.length;
      this.drop(this.#next.length);
    }
    return count;
  }

  close(): void {
    // A source that waits for more would keep return() waiting: it is told, not awaited.
    void Promise.resolve(this.#pieces.return?.()).catch(() => {});
  }
}
