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

  private constructor(handle: FileHandle, hash: Hash, offset: number) {
    this.#handle = handle;
    this.#hash = hash;
    this.#offset = offset;
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

  get offset(): number {
    return this.#offset;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    let written = 0;
    while (written < bytes.length) {
      const length = bytes.length - written;
      const step = await this.#handle
        .write(bytes, written, length, this.#offset + written)
        .catch(diskFailed);
      written += step.bytesWritten;
    }
    this.#offset += bytes.length;
  }

  async sync(): Promise<void> {
    await this.#handle.datasync().catch(diskFailed);
  }

  /** SHA-256 of everything in the part, as hexadecimal digits. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  async close(): Promise<void> {
    await this.#handle.close();
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
