import { STORE_LIMITS } from './limits.ts';
import type { PartFile } from './part-file.ts';

/**
 * Makes an upload durable while it still comes, so that little is left to wait for at its end. The
 * sender is held back only when `syncBytes` have come that are not durable yet.
 */
export class FlushAhead {
  readonly #part: PartFile;
  readonly #onDurable: (offset: number) => Promise<void>;
  #begun: number;
  #durable: number;
  #told: number;
  #running: Promise<void> | undefined;
  #failure: { readonly cause: unknown } | undefined;

  /** @param onDurable is told an offset now and then, once all bytes before it are on the disk */
  constructor(part: PartFile, onDurable: (offset: number) => Promise<void>) {
    this.#part = part;
    this.#onDurable = onDurable;
    this.#begun = part.offset;
    this.#durable = part.offset;
    this.#told = part.offset;
  }

  /** To be called when bytes have come. Throws what an earlier flush failed with. */
  async advance(): Promise<void> {
    const { offset } = this.#part;
    if (this.#running === undefined && offset - this.#begun >= STORE_LIMITS.flushBytes) {
      this.#begun = offset;
      this.#running = this.#flush().finally(() => {
        this.#running = undefined;
      });
    }
    if (offset - this.#durable >= STORE_LIMITS.syncBytes) await this.#running;
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  /** Resolves when nothing runs any more; whoever syncs then meets the failure of an earlier one. */
  async end(): Promise<void> {
    await this.#running;
  }

  async #flush(): Promise<void> {
    try {
      this.#durable = await this.#part.sync();
      if (this.#durable - this.#told < STORE_LIMITS.syncBytes) return;
      await this.#onDurable(this.#durable);
      this.#told = this.#durable;
    } catch (cause) {
      this.#failure = { cause };
    }
  }
}
