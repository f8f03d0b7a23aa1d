import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { SextantError } from '#errors';
import { FILE_MODE } from './layout.ts';
import { STORE_LIMITS } from './limits.ts';

/** The file of an unfinished upload, open at its end, with the digest of what it holds so far. */
export class PartFile {
  readonly #handle: FileHandle;
  readonly #hash: Hash;
  #offset: number;
  #written: number;
  #writing: Promise<void> = Promise.resolve();

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
   * Takes the next bytes, which are written while the caller receives more: one piece at a time, so
   * this waits for the piece before. Throws STORE_FULL and what else that one failed with.
   */
  async append(bytes: Uint8Array): Promise<void> {
    await this.#writing;
    this.#writing = this.#write(bytes);
    // Whoever appends or finishes meets the failure.
    this.#writing.catch(() => undefined);
    this.#offset += bytes.length;
    this.#hash.update(bytes);
  }

  /** Resolves when all bytes are written. Throws as `append`. */
  async finish(): Promise<void> {
    await this.#writing;
  }

  /** Makes durable what could be written. Returns how many bytes of the part that are. */
  async sync(): Promise<number> {
    await this.#writing.catch(() => undefined);
    const written = this.#written;
    await this.#handle.datasync().catch(diskFailed);
    return written;
  }

  /** SHA-256 of everything in the part, as hexadecimal digits. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#handle.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      const step = await this.#handle.write(rest, 0, rest.length, this.#written).catch(diskFailed);
      this.#written += step.bytesWritten;
      rest = rest.subarray(step.bytesWritten);
    }
  }
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
  if (cause.code !== 'ENOSPC' && cause.code !== 'EDQUOT') throw cause;
  throw new SextantError('STORE_FULL', {
    subject: 'data folder',
    got: 'no space left on its disk',
    expected: 'room for the upload',
    cause,
  });
}
