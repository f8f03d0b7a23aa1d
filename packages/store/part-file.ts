import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { diskFull, isDiskFull } from './disk-full.ts';
import { FILE_MODE } from './layout.ts';
import { STORE_LIMITS } from './limits.ts';

/** The file of an unfinished upload, open at its end, with the digest of what it holds so far. */
export class PartFile {
  readonly #handle: FileHandle;
  readonly #hash: Hash;
  #offset: number;
  #written: number;
  #waiting: Uint8Array[] = [];
  #writing: Promise<void> | undefined;
  #batch: Promise<unknown> | undefined;
  #failure: { readonly cause: unknown } | undefined;

  private constructor(handle: FileHandle, hash: Hash, offset: number) {
    this.#handle = handle;
    this.#hash = hash;
    this.#offset = offset;
    this.#written = offset;
  }

  /** Opens the part at `path`, cut to its first `offset` bytes, which are read for the digest. */
  static async open(path: string, offset: number, signal?: AbortSignal): Promise<PartFile> {
    const handle = await open(path, offset === 0 ? 'w+' : 'r+', FILE_MODE);
    try {
      await handle.truncate(offset);
      const hash = createHash('sha256');
      await digestInto(hash, handle, offset, signal);
      return new PartFile(handle, hash, offset);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Bytes that have come, written or about to be. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Takes the next bytes, which are written while the caller receives more. Waits when a few pieces
   * wait for the disk already. Throws STORE_FULL and what else an earlier write failed with.
   */
  async append(bytes: Uint8Array): Promise<void> {
    // What a failed write left out must stay the part's end: nothing may be written in its place.
    this.#assertWritten();
    this.#waiting.push(bytes);
    this.#offset += bytes.length;
    this.#writing ??= this.#writeWaiting();
    this.#hash.update(bytes);
    if (this.#waiting.length >= STORE_LIMITS.waitingChunks) await this.#batch;
    this.#assertWritten();
  }

  /** Resolves when all bytes are written. Throws as `append`. */
  async finish(): Promise<void> {
    await this.#writing;
    this.#assertWritten();
  }

  /** Makes durable what could be written. Returns how many bytes of the part that are. */
  async sync(): Promise<number> {
    await this.#writing;
    const written = this.#written;
    await this.#handle.datasync().catch(diskFailed);
    return written;
  }

  /** SHA-256 of everything in the part, as hexadecimal digits. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close();
  }

  /** Writes what waits, all pieces at once, until none does. What fails is told to who comes next. */
  async #writeWaiting(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const pieces = this.#waiting;
        this.#waiting = [];
        this.#batch = this.#write(pieces);
        await this.#batch;
      }
    } catch (cause) {
      this.#waiting = [];
      this.#failure ??= { cause };
    } finally {
      this.#writing = undefined;
    }
  }

  async #write(pieces: Uint8Array[]): Promise<void> {
    let rest = pieces.filter((piece) => piece.length > 0);
    while (rest.length > 0) {
      const step = await this.#handle.writev(rest, this.#written).catch(diskFailed);
      this.#written += step.bytesWritten;
      rest = without(rest, step.bytesWritten);
    }
  }

  #assertWritten(): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
  }
}

/** The pieces after their first `count` bytes. */
function without(pieces: readonly Uint8Array[], count: number): Uint8Array[] {
  let left = count;
  return pieces.flatMap((piece) => {
    const rest = piece.subarray(Math.min(left, piece.length));
    left -= piece.length - rest.length;
    return rest.length > 0 ? [rest] : [];
  });
}

async function digestInto(hash: Hash, handle: FileHandle, size: number, signal?: AbortSignal) {
  const buffer = Buffer.allocUnsafe(STORE_LIMITS.chunkBytes);
  let position = 0;
  while (position < size) {
    signal?.throwIfAborted();
    const length = Math.min(buffer.length, size - position);
    const { bytesRead } = await handle.read(buffer, 0, length, position);
    if (bytesRead === 0) throw new Error('a part is shorter than its truncation');
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}

function diskFailed(cause: NodeJS.ErrnoException): never {
  throw isDiskFull(cause) ? diskFull(cause) : cause;
}
