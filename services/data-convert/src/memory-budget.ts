import { abortError, SextantError } from '#errors';

/** Takes memory for voxels; refuses by throwing. */
export type Reserve = (bytes: number) => void;

interface Waiting {
  readonly bytes: number;
  readonly admit: () => void;
}

/** The memory that the voxels of all running conversions may take together. */
export class MemoryBudget {
  readonly #limitBytes: number;
  readonly #waiting: Waiting[] = [];
  #takenBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Bytes that running work has reserved. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /**
   * Runs `work`, which holds what it reserves until it ends. Where others hold too much it is begun anew
   * once there is room for all that it had asked for: meanwhile it holds nothing, so that none waits for
   * one that waits. Work has to reserve before it does what cannot be done twice.
   *
   * @throws SextantError VOLUME_TOO_LARGE for more than all, CANCELLED, and what `work` throws
   */
  async run<T>(work: (reserve: Reserve) => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let heldBytes = 0; ; ) {
      let askedBytes = 0;
      let isLacking = false;
      const reserve: Reserve = (bytes) => {
        askedBytes += bytes;
        const moreBytes = askedBytes - heldBytes;
        if (moreBytes <= 0) return;
        if (askedBytes > this.#limitBytes) throw tooLarge(askedBytes, this.#limitBytes);
        const isNext = heldBytes > 0 || this.#waiting.length === 0;
        isLacking = !isNext || !this.#fits(moreBytes);
        if (isLacking) throw new Error('memory is taken at the moment');
        this.#takenBytes += moreBytes;
        heldBytes = askedBytes;
      };
      try {
        return await work(reserve);
      } catch (error) {
        if (!isLacking) throw error;
      } finally {
        this.#free(heldBytes);
      }
      await this.#room(askedBytes, signal);
      heldBytes = askedBytes;
    }
  }

  #fits(bytes: number): boolean {
    return this.#takenBytes + bytes <= this.#limitBytes;
  }

  #free(bytes: number): void {
    this.#takenBytes -= bytes;
    this.#admit();
  }

  /** Takes so much as soon as it is free and those who came before have theirs. */
  async #room(bytes: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw abortError(signal);
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        bytes,
        admit: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(abortError(signal));
        this.#admit();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
  }

  #admit(): void {
    for (
      let next = this.#waiting[0];
      next !== undefined && this.#fits(next.bytes);
      next = this.#waiting[0]
    ) {
      this.#waiting.shift();
      this.#takenBytes += next.bytes;
      next.admit();
    }
  }
}

function tooLarge(bytes: number, limitBytes: number): SextantError {
  return new SextantError('VOLUME_TOO_LARGE', {
    subject: 'volume',
    got: `${bytes} bytes of voxels to be held in memory`,
    expected: `at most the ${limitBytes} bytes of --conversion-memory`,
    remedy: 'ask for larger voxels, convert a part of it, or raise --conversion-memory',
  });
}
