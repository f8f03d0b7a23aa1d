import { createHash } from 'node:crypto';

/** A stream of bytes with the SHA-256 of all of them, also of those that its reader leaves unread. */
export class DigestedStream {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #hash = createHash('sha256');

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#pieces = stream[Symbol.asyncIterator]();
  }

  /** The bytes as they come. Who stops early leaves the rest to `digest`. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const { done, value } = await this.#pieces.next();
      if (done) return;
      this.#hash.update(value);
      yield value;
    }
  }

  /** Reads what is left. 64 hexadecimal digits; to be asked once, when `bytes` is no longer read. */
  async digest(): Promise<string> {
    for await (const _ of this.bytes());
    return this.#hash.digest('hex');
  }
}
